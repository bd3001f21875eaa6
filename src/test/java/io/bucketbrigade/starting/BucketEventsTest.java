package io.bucketbrigade.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.events.QueueProblem;
import io.bucketbrigade.support.FaultProxy;
import io.bucketbrigade.support.FaultProxy.Fault;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestQueues;
import io.bucketbrigade.support.TestService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Buckets that are hardly ever checked, and a queue that announces what happens in them. */
@Tag("slow")
class BucketEventsTest {
    private static final String MESSAGES = "message_id,author_id,received_at,content\n";
    private static final String USERS = "user_id,first_name,last_name\n1,Ana,Lima\n";

    private final TestBuckets buckets = TestBuckets.s3Proxy();
    private final String raw = buckets.newBucket();
    private final String result = buckets.newBucket();
    private final String deadLetters = TestQueues.newQueue();
    private final String queue = TestQueues.newQueue(deadLetters);

    @TempDir
    private Path folder = Path.of("");

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(buckets.environment());
        environment.put("AWS_ENDPOINT_URL_SQS", TestQueues.endpoint().toString());
        environment.put("BRIGADE_EVENTS_QUEUE", queue);
        environment.put("BRIGADE_EVENTS_VISIBILITY", "1");
        environment.put("BRIGADE_POLL", "1h");
        environment.put("LEADERBOARD_RAW", "s3://" + raw);
        environment.put("LEADERBOARD_RESULT", "s3://" + result);
        return environment;
    }

    private static String s3Event(String bucket, String key) {
        return "{\"Records\":[{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"awsRegion\":\"us-east-1\","
                + "\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"s3SchemaVersion\":\"1.0\",\"bucket\":{\"name\":\""
                + bucket + "\",\"arn\":\"arn:aws:s3:::" + bucket + "\"},\"object\":{\"key\":\"" + key
                + "\",\"size\":1,\"eTag\":\"x\",\"sequencer\":\"0A\"}}}]}";
    }

    private static String quoted(String json) {
        return "\"" + json.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private void awaitEmpty() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(TestQueues.size(queue)).isZero());
    }

    @Test
    void every_form_of_event_makes_it_look_at_once_and_is_deleted_then() throws Exception {
        buckets.put(raw, "users.csv", USERS);
        buckets.put(raw, "messages.csv", MESSAGES + "1,1,x,a\n");
        try (TestService service = new TestService(folder, environment())) {
            service.awaitBoard("\"messages\":1,");

            buckets.put(raw, "messages.csv", MESSAGES + "1,1,x,a\n".repeat(2));
            TestQueues.send(queue, s3Event(raw, "messages.csv"));
            service.awaitBoard("\"messages\":2,");

            buckets.put(raw, "messages.csv", MESSAGES + "1,1,x,a\n".repeat(3));
            TestQueues.send(
                    queue,
                    "{\"Type\":\"Notification\",\"MessageId\":\"1\",\"TopicArn\":\"arn\",\"Message\":"
                            + quoted(s3Event(raw, "messages.csv")) + "}");
            service.awaitBoard("\"messages\":3,");

            buckets.put(raw, "messages.csv", MESSAGES + "1,1,x,a\n".repeat(4));
            TestQueues.send(
                    queue,
                    "{\"version\":\"0\",\"source\":\"aws.s3\",\"detail-type\":\"Object Created\",\"detail\":{\"bucket\":{\"name\":\""
                            + raw + "\"},\"object\":{\"key\":\"messages.csv\"}}}");
            service.awaitBoard("\"messages\":4,");
            assertThat(service.latestRun().path("trigger").asText()).isEqualTo("event");
            awaitEmpty();
        }
    }

    @Test
    void doubled_foreign_and_test_messages_do_no_harm_and_unknown_ones_go_to_the_dead_letters() throws Exception {
        buckets.put(raw, "users.csv", USERS);
        buckets.put(raw, "messages.csv", MESSAGES + "1,1,x,a\n");
        try (TestService service = new TestService(folder, environment())) {
            service.awaitBoard("\"messages\":1,");
            TestQueues.send(queue, "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"" + raw + "\"}");
            TestQueues.send(queue, s3Event("somebody-elses-bucket", "messages.csv"));
            TestQueues.send(queue, s3Event(raw, "messages.csv"));
            TestQueues.send(queue, s3Event(raw, "messages.csv"));
            TestQueues.send(queue, "good morning");
            TestQueues.send(queue, "{\"Records\":[{\"dynamodb\":{}}]}");
            awaitEmpty();
            await().untilAsserted(() -> assertThat(TestQueues.size(deadLetters)).isEqualTo(2));
            assertThat(service.get("/runs").body().split("\"id\"", -1))
                    .as("runs")
                    .hasSize(2);
        }
    }

    @Test
    void a_message_stays_until_what_it_announced_could_be_looked_at() throws Exception {
        buckets.put(raw, "users.csv", USERS);
        buckets.put(raw, "messages.csv", MESSAGES + "1,1,x,a\n");
        try (FaultProxy proxy = new FaultProxy(buckets.endpoint())) {
            Map<String, String> environment = environment();
            environment.putAll(buckets.environment(proxy.endpoint()));
            environment.put("BRIGADE_EVENTS_QUEUE", TestQueues.newQueue());
            String own = environment.get("BRIGADE_EVENTS_QUEUE");
            try (TestService service = new TestService(folder, environment)) {
                service.awaitBoard("\"messages\":1,");
                proxy.rule(request -> Fault.answer(403, "AccessDenied"));
                buckets.put(raw, "messages.csv", MESSAGES + "1,1,x,a\n".repeat(2));
                TestQueues.send(own, s3Event(raw, "messages.csv"));
                await().untilAsserted(
                                () -> assertThat(service.get("/observe/health").body())
                                        .contains("events-queue: The current credentials"));
                assertThat(TestQueues.size(own)).isOne();
                proxy.rule(request -> Fault.NONE);
                service.awaitBoard("\"messages\":2,");
                await().untilAsserted(() -> assertThat(TestQueues.size(own)).isZero());
            }
        }
    }

    @Test
    void a_queue_that_is_not_there_is_said_and_used_as_soon_as_it_is() throws Exception {
        buckets.put(raw, "users.csv", USERS);
        buckets.put(raw, "messages.csv", MESSAGES + "1,1,x,a\n");
        Map<String, String> environment = environment();
        String later = queue + "-later";
        environment.put("BRIGADE_EVENTS_QUEUE", later);
        try (TestService service = new TestService(folder, environment)) {
            await().untilAsserted(() -> assertThat(
                            service.get("/observe/health").body())
                    .contains("DEGRADED", "There is no queue " + later + ". Create it, or set BRIGADE_EVENTS_QUEUE"));
            assertThat(TestQueues.newQueueNamed(later.substring(later.lastIndexOf('/') + 1)))
                    .isEqualTo(later);
            buckets.put(raw, "messages.csv", MESSAGES + "1,1,x,a\n".repeat(2));
            TestQueues.send(later, s3Event(raw, "messages.csv"));
            service.awaitBoard("\"messages\":2,");
            await().untilAsserted(() ->
                    assertThat(service.get("/observe/health").body()).doesNotContain("DEGRADED"));
        }
    }

    @Test
    void what_a_queue_answers_is_put_into_words() {
        assertThat(QueueProblem.of(answer(403, "AccessDenied"), "Q"))
                .hasMessageStartingWith(
                        "SQS refuses requests for the queue Q (AccessDenied). deploy/iam/events-queue.json");
        assertThat(QueueProblem.of(answer(503, "ServiceUnavailable"), "Q"))
                .hasMessageStartingWith(
                        "SQS can't be reached or does not answer for the queue Q (ServiceUnavailable).");
        assertThat(QueueProblem.of(answer(400, "AWS.SimpleQueueService.NonExistentQueue"), "Q"))
                .hasMessageStartingWith("There is no queue Q.");
        assertThat(QueueProblem.of(
                        SdkClientException.create("Unable to execute HTTP request: refused (SDK Attempt Count: 3)"),
                        "Q"))
                .hasMessageStartingWith(
                        "SQS can't be reached or does not answer for the queue Q (Unable to execute HTTP"
                                + " request: refused).");
    }

    private static AwsServiceException answer(int status, String code) {
        return SqsException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }
}
