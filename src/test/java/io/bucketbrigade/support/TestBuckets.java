package io.bucketbrigade.support;

import io.bucketbrigade.cli.LocalS3;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** A real S3 server for the whole test run, and a client beside the product's to put and get. */
public final class TestBuckets {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final LocalS3 server;
    private final S3Client client;

    private TestBuckets(LocalS3 server) {
        this.server = server;
        this.client = S3Client.builder()
                .endpointOverride(server.endpoint())
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(server.accessKey(), server.secretKey())))
                .build();
    }

    /** S3Proxy, in this process. */
    public static TestBuckets s3Proxy() {
        return S3Proxy.SERVER;
    }

    /** Adobe's S3Mock, as a process of its own. */
    public static TestBuckets s3Mock() {
        return S3Mock.SERVER;
    }

    private static final class S3Proxy {
        private static final Path FOLDER = newFolder();
        private static final TestBuckets SERVER = start();

        private static Path newFolder() {
            try {
                Path servers = Files.createDirectories(TestService.HOME.resolve("target/test-servers"));
                return Files.createTempDirectory(servers, "s3");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static TestBuckets start() {
            try {
                return new TestBuckets(LocalS3.start(TestService.HOME, FOLDER));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class S3Mock {
        private static final TestBuckets SERVER = start();

        private static TestBuckets start() {
            int port = TestService.freePort();
            List<String> command = new ArrayList<>(List.of(
                    BuiltProgram.JAVA,
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-jar",
                    TestService.HOME.resolve("target/test-servers/s3mock.jar").toString(),
                    "--http.port=" + port,
                    "--server.port=0"));
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Files.createTempFile("s3mock", ".log").toFile())
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            TestBuckets server =
                    new TestBuckets(new LocalS3(URI.create("http://127.0.0.1:" + port), "anyone", "any-secret"));
            // In this thread, because the class is still being made ready.
            Awaitility.await()
                    .pollInSameThread()
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsMatching(SdkException.class::isInstance)
                    .until(() -> server.client.listBuckets().sdkHttpResponse().isSuccessful());
            return server;
        }
    }

    /** Where S3Proxy keeps a bucket's objects, each as a file. */
    public Path folder(String bucket) {
        return S3Proxy.FOLDER.resolve(bucket);
    }

    /** A new, empty bucket. */
    public String newBucket() {
        String name = "test-bucket-" + COUNT.incrementAndGet();
        make(name);
        return name;
    }

    public void make(String bucket) {
        client.createBucket(request -> request.bucket(bucket));
    }

    /** The variables with which a service uses it. */
    public Map<String, String> environment() {
        return environment(server.endpoint());
    }

    /** The same, by way of something in front of it. */
    public Map<String, String> environment(URI endpoint) {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_ENDPOINT_URL_S3", endpoint.toString());
        environment.put("AWS_ACCESS_KEY_ID", server.accessKey());
        environment.put("AWS_SECRET_ACCESS_KEY", server.secretKey());
        environment.put("AWS_REGION", "us-east-1");
        return environment;
    }

    public URI endpoint() {
        return server.endpoint();
    }

    public S3Client client() {
        return client;
    }

    public void put(String bucket, String key, String text) {
        client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(text));
    }

    public ResponseBytes<GetObjectResponse> get(String bucket, String key) {
        return client.getObjectAsBytes(request -> request.bucket(bucket).key(key));
    }
}
