package io.bucketbrigade.cli;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * An S3 server of our own (S3Proxy), for a demonstration without an account at AWS. Its jar, which the build fetches, is
 * loaded apart from the program, so that neither sees the other's libraries; the server ends with the process.
 *
 * @param endpoint where it answers
 * @param accessKey its only access key
 * @param secretKey the secret that belongs to it
 */
public record LocalS3(URI endpoint, String accessKey, String secretKey) {
    private static final String SERVER = "org.gaul.s3proxy.Main";

    /**
     * Starts it on a free port of loopback.
     *
     * @param home the folder with target/
     * @param data where it keeps its buckets, each a folder
     * @throws Problem if its jar is not there
     * @throws IOException if it can't be started
     */
    public static LocalS3 start(Path home, Path data) throws IOException {
        Path jar = home.resolve("target").resolve("demo").resolve("s3proxy.jar");
        if (!Files.exists(jar)) {
            throw new Problem(
                    Kind.USAGE,
                    jar
                            + " does not exist. Run ./mvnw package in a clone, which downloads it; the release and the container image do not include it.");
        }
        LocalS3 server = new LocalS3(URI.create("http://127.0.0.1:" + freePort()), "demo", "demo-secret");
        Path settings = Files.createTempFile("s3proxy", ".properties");
        try {
            Files.createDirectories(data);
            Properties properties = new Properties();
            properties.putAll(Map.of(
                    "s3proxy.endpoint",
                    server.endpoint.toString(),
                    "s3proxy.authorization",
                    "aws-v2-or-v4",
                    "s3proxy.identity",
                    server.accessKey,
                    "s3proxy.credential",
                    server.secretKey,
                    "jclouds.provider",
                    "filesystem-nio2",
                    "jclouds.filesystem.basedir",
                    data.toAbsolutePath().toString()));
            try (var out = Files.newBufferedWriter(settings)) {
                properties.store(out, null);
            }
            run(jar, "--properties", settings.toString());
        } finally {
            Files.delete(settings);
        }
        return server;
    }

    /** The settings with which a service uses it. */
    public Map<String, String> settings() {
        return Map.of(
                "aws.endpoint.url.s3",
                endpoint.toString(),
                "aws.access.key.id",
                accessKey,
                "aws.secret.access.key",
                secretKey,
                "aws.session.token",
                "",
                "aws.region",
                "us-east-1");
    }

    private static void run(Path jar, String... arguments) throws IOException {
        System.setProperty("LOG_LEVEL", "warn");
        System.setProperty("logback.statusListenerClass", "ch.qos.logback.core.status.NopStatusListener");
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        PrintStream ownErr = System.err;
        try {
            ClassLoader apart = apart(jar);
            current.setContextClassLoader(apart);
            apart.loadClass(SERVER).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (ReflectiveOperationException e) {
            throw new IOException(jar + " could not be started: " + e, e);
        } finally {
            current.setContextClassLoader(before);
            // It puts a stream of its own there, and would log what we say.
            System.setErr(ownErr);
        }
    }

    /** Never closed, because the server goes on loading classes until the process ends. */
    private static ClassLoader apart(Path jar) throws MalformedURLException {
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
