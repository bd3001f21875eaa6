package io.bucketbrigade.support;

import com.almworks.sqlite4java.SQLite;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.dynamodb.services.local.main.ServerRunner;

/** A real DynamoDB server (DynamoDB local, in memory) for the whole test run. */
public final class TestDynamo {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int PORT = start();

    private TestDynamo() {}

    private static int start() {
        int port = TestService.freePort();
        System.setProperty("sqlite4java.library.path", natives().toString());
        try {
            ServerRunner.createServerFromCommandLineArgs(
                            new String[] {"-inMemory", "-disableTelemetry", "-port", Integer.toString(port)})
                    .start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return port;
    }

    /** Maven keeps the database's native library beside its jar, in a folder of its own. */
    private static Path natives() {
        Path jar = Path.of(
                SQLite.class.getProtectionDomain().getCodeSource().getLocation().getPath());
        String version = String.valueOf(jar.resolve("..").normalize().getFileName());
        boolean isMac = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
        return jar.resolve("../../../libsqlite4java-" + (isMac ? "osx" : "linux-amd64"))
                .normalize()
                .resolve(version);
    }

    public static URI endpoint() {
        return URI.create("http://127.0.0.1:" + PORT);
    }

    /** The server's port, for a relay. */
    public static int port() {
        return PORT;
    }

    /** The name of a table that nobody else uses and that does not exist. */
    public static String newTable() {
        return "table-" + COUNT.incrementAndGet();
    }

    /** A client whose requests and answers something may change on their way. */
    public static DynamoDbClient client(ExecutionInterceptor... interceptors) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint())
                .region(Region.US_EAST_1)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "secret")))
                .overrideConfiguration(client -> List.of(interceptors).forEach(client::addExecutionInterceptor))
                .build();
    }
}
