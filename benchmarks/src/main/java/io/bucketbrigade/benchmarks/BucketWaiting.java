package io.bucketbrigade.benchmarks;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/** From PUT of messages.csv until GET /leaderboard shows it: found by checking, or announced by a message in a queue. */
final class BucketWaiting {
    private static final double GOLDEN = 0.618034;

    private final Path home;
    private final Path data;
    private final S3Server server;

    private BucketWaiting(Path home, Path data, S3Server server) {
        this.home = home;
        this.data = data;
        this.server = server;
    }

    static void measure(Report report, Path home, Path data, S3Server server) throws Exception {
        BucketWaiting waiting = new BucketWaiting(home, data, server);
        int port = Service.freePort();
        SQSRestServer queues =
                SQSRestServerBuilder.withInterface("127.0.0.1").withPort(port).start();
        queues.waitUntilStarted();
        URI endpoint = URI.create("http://127.0.0.1:" + port);
        try (SqsClient client = SqsClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("benchmark", "benchmark-secret")))
                .build()) {
            String queue = client.createQueue(request -> request.queueName("benchmark"))
                    .queueUrl();
            Map<String, String> events =
                    Map.of("BRIGADE_EVENTS_QUEUE", queue, "AWS_ENDPOINT_URL_SQS", endpoint.toString());
            report.section(
                    "From PUT of messages.csv in a bucket until GET /leaderboard shows it",
                    "How it is noticed | changes | median s | least s | most s");
            waiting.line(report, "checking every 10 s (the default)", 12, 10_000, Map.of(), bucket -> {});
            waiting.line(report, "checking every second", 20, 1000, Map.of("BRIGADE_POLL", "1s"), bucket -> {});
            waiting.line(
                    report,
                    "a message, sent to the queue (ElasticMQ) right after the PUT",
                    50,
                    300,
                    events,
                    bucket -> client.sendMessage(
                            request -> request.queueUrl(queue).messageBody(notification(bucket))));
        } finally {
            queues.stopAndWait();
        }
    }

    private interface Notification {
        void send(String bucket);
    }

    private void line(
            Report report, String how, int count, long period, Map<String, String> settings, Notification notification)
            throws Exception {
        Path folder = data.resolve("waiting");
        Ours.remove(folder);
        String raw = "waiting-raw-" + period;
        String result = "waiting-result-" + period;
        server.bucket(raw);
        server.bucket(result);
        Map<String, String> environment = new HashMap<>(server.environment);
        environment.put("LEADERBOARD_RAW", "s3://" + raw);
        environment.put("LEADERBOARD_RESULT", "s3://" + result);
        environment.putAll(settings);
        Path samples = home.resolve("samples").resolve("leaderboard");
        server.put(raw, "users.csv", Files.readString(samples.resolve("users.csv")));
        String messages = Files.readString(samples.resolve("messages.csv"));
        List<Double> changes = new ArrayList<>();
        try (Service service = new Service(home, folder, environment)) {
            for (int change = -2; change < count; change++) {
                String author = Integer.toString(70_000 + change);
                long start = System.nanoTime();
                server.put(raw, "messages.csv", messages + "9001," + author + ",2026-03-02T08:00:00Z,one more\n");
                notification.send(raw);
                service.awaitBoard("\"user_id\":" + author + ",");
                if (change >= 0) {
                    changes.add((System.nanoTime() - start) / 1e9);
                }
                // Spread evenly over the time between two checks.
                TimeUnit.MILLISECONDS.sleep((long) (period * ((change + 2) * GOLDEN % 1)));
            }
        }
        report.line("| %s | %d | %s |", how, count, new Figures(changes).cells());
    }

    private static String notification(String bucket) {
        return """
                {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put",\
                "s3":{"bucket":{"name":"%s"},"object":{"key":"messages.csv"}}}]}"""
                .formatted(bucket);
    }
}
