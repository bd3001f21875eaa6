package io.bucketbrigade.lambda;

import static io.bucketbrigade.lambda.FunctionBuckets.FAILURE;
import static io.bucketbrigade.lambda.FunctionBuckets.REJECTED;
import static io.bucketbrigade.lambda.FunctionBuckets.RESULT;
import static io.bucketbrigade.lambda.FunctionBuckets.USERS;
import static io.bucketbrigade.lambda.FunctionBuckets.messages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.FaultProxy.Fault;
import io.bucketbrigade.support.FaultProxy.Request;
import io.bucketbrigade.support.SnsStandIn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AggregateFunctionTest {
    private static final String RANKING = "user_id,messages,name\n2,1,Bo Berg\n1,2,Ana Silva\n";
    private static final String BROKEN = "message_id,received_at,content\n1,2026-01-01T00:00:00Z,hello\n";

    @TempDir
    private Path folder = Path.of("");

    private FunctionBuckets buckets;
    private AggregateFunction function;

    @BeforeEach
    void start() throws IOException {
        buckets = new FunctionBuckets();
        function = started(Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        function.close();
        buckets.close();
    }

    private AggregateFunction started(Map<String, String> further) {
        Map<String, String> environment = buckets.environment();
        environment.putAll(further);
        return new AggregateFunction(environment, folder.resolve("work"));
    }

    private void restart(Map<String, String> further) {
        function.close();
        function = started(further);
    }

    private void putBoth() {
        buckets.put("users.csv", USERS);
        buckets.put("messages.csv", messages(2, 1));
    }

    private String call() throws IOException {
        return buckets.call(function);
    }

    private JsonNode failure() throws IOException {
        return new ObjectMapper().readTree(buckets.get(FAILURE));
    }

    private static boolean isObjectOf(Request request, String bucket) {
        return request.target().startsWith("/" + bucket + "/") && !request.lists();
    }

    @Test
    void a_change_in_the_raw_bucket_makes_the_result() throws IOException {
        putBoth();

        assertThat(call()).isEqualTo("{\"outcome\":\"current\"}");

        assertThat(buckets.get(RESULT)).isEqualTo(RANKING);
        assertThat(buckets.written()).containsExactly(RESULT);
    }

    @Test
    void a_result_that_fits_the_inputs_is_not_written_again() throws IOException {
        putBoth();
        call();
        long writes = buckets.writes();

        assertThat(call()).isEqualTo("{\"outcome\":\"current\"}");

        assertThat(buckets.writes()).isEqualTo(writes);
    }

    @Test
    void another_setting_that_shapes_the_result_makes_it_again() throws IOException {
        putBoth();
        call();
        long writes = buckets.writes();
        restart(Map.of("LEADERBOARD_MAX_REJECTED", "2%"));

        call();

        assertThat(buckets.writes()).isEqualTo(writes + 1);
    }

    @Test
    void new_inputs_make_it_again() throws IOException {
        putBoth();
        call();
        buckets.put("messages.csv", messages(1, 2));

        call();

        assertThat(buckets.get(RESULT)).isEqualTo("user_id,messages,name\n1,1,Ana Silva\n2,2,Bo Berg\n");
    }

    @Test
    void a_result_that_somebody_else_wrote_is_replaced() throws IOException {
        putBoth();
        buckets.putResult("user_id,messages,name\n9,9,Nobody\n");

        call();

        assertThat(buckets.get(RESULT)).isEqualTo(RANKING);
    }

    @Test
    void a_missing_file_is_no_error() throws IOException {
        buckets.put("messages.csv", messages(2, 1));

        assertThat(call()).isEqualTo("{\"outcome\":\"waiting\"}");

        assertThat(buckets.written()).isEmpty();
    }

    @Test
    void rejected_rows_are_beside_the_result_and_belong_to_it() throws IOException {
        buckets.put("users.csv", USERS);
        buckets.put("messages.csv", messages(2, 1) + "9,,2026-01-01T00:00:00Z,nobody\n");
        restart(Map.of("LEADERBOARD_MAX_REJECTED", "50%"));

        call();
        assertThat(buckets.get(REJECTED)).contains("messages.csv,5,");
        long writes = buckets.writes();
        call();
        assertThat(buckets.writes()).isEqualTo(writes);

        buckets.put("messages.csv", messages(2, 1));
        call();
        assertThat(buckets.get(REJECTED)).isEqualTo("file,line,reason,row\n");
        assertThat(buckets.metadata(REJECTED)).isEqualTo(buckets.metadata(RESULT));
    }

    @Test
    void rejected_rows_of_other_inputs_are_made_again_with_the_result() throws IOException {
        putBoth();
        call();
        buckets.put("messages.csv", messages(2, 1) + "9,,2026-01-01T00:00:00Z,nobody\n");
        restart(Map.of("LEADERBOARD_MAX_REJECTED", "50%"));
        AtomicBoolean killed = new AtomicBoolean();
        buckets.proxy().rule(request -> {
            boolean isResult =
                    request.method().equals("PUT") && request.target().endsWith(RESULT);
            return isResult && !killed.getAndSet(true) ? Fault.answer(403, "AccessDenied") : Fault.NONE;
        });
        assertThatThrownBy(this::call).isInstanceOf(TransientFault.class);

        buckets.put("messages.csv", messages(2, 1));
        call();

        assertThat(buckets.get(RESULT)).isEqualTo(RANKING);
        assertThat(buckets.get(REJECTED)).isEqualTo("file,line,reason,row\n");
    }

    @Test
    void inputs_that_cannot_be_used_leave_the_result_and_are_recorded_beside_it() throws IOException {
        putBoth();
        call();
        buckets.put("messages.csv", BROKEN);

        assertThat(call()).isEqualTo("{\"outcome\":\"broken\"}");

        assertThat(buckets.get(RESULT)).isEqualTo(RANKING);
        assertThat(failure().path("message").asText()).contains("messages.csv", "author_id");
        assertThat(failure().path("file").asText()).isEqualTo("messages.csv");
        assertThat(failure().path("column").asText()).isEqualTo("author_id");
        assertThat(failure().path("line").asInt()).isEqualTo(1);
        assertThat(failure().at("/inputs/0/path").asText()).isEqualTo("s3://" + buckets.raw + "/messages.csv");
        long writes = buckets.writes();
        assertThat(call()).isEqualTo("{\"outcome\":\"broken\"}");
        assertThat(buckets.writes()).isEqualTo(writes);
    }

    @Test
    void the_record_of_a_failure_says_which_rows_were_too_many() throws IOException {
        buckets.put("users.csv", USERS);
        buckets.put("messages.csv", messages(2, 1) + "9,,2026-01-01T00:00:00Z,nobody\n");

        assertThat(call()).isEqualTo("{\"outcome\":\"broken\"}");

        assertThat(failure().at("/rejected/0/line").asInt()).isEqualTo(5);
        assertThat(failure().at("/rejected/0/reason").asText()).isNotBlank();
        assertThat(buckets.written()).containsExactly(FAILURE);
    }

    @Test
    void a_later_success_removes_the_record_of_a_failure() throws IOException {
        putBoth();
        buckets.put("messages.csv", BROKEN);
        call();
        buckets.put("messages.csv", messages(2, 1));

        assertThat(call()).isEqualTo("{\"outcome\":\"current\"}");

        assertThat(buckets.written()).containsExactly(RESULT);
    }

    @Test
    void a_file_without_rows_does_not_empty_the_result() throws IOException {
        putBoth();
        call();
        buckets.put("messages.csv", "message_id,author_id,received_at,content\n");

        assertThat(call()).isEqualTo("{\"outcome\":\"broken\"}");

        assertThat(buckets.get(RESULT)).isEqualTo(RANKING);
        assertThat(failure().path("message").asText()).contains("LEADERBOARD_ALLOW_EMPTY");
    }

    @Test
    void each_failure_is_counted_once_and_people_are_notified_once() throws IOException {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream standard = System.out;
        try (SnsStandIn sns = new SnsStandIn()) {
            System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
            Map<String, String> topic = Map.of(
                    "AWS_ENDPOINT_URL_SNS",
                    sns.environment().get("AWS_ENDPOINT_URL_SNS"),
                    "BRIGADE_SNS_TOPIC",
                    SnsStandIn.TOPIC);
            restart(topic);
            putBoth();
            buckets.put("messages.csv", BROKEN);
            call();
            call();

            assertThat(sns.published()).singleElement().satisfies(message -> {
                assertThat(message.get("Subject")).isEqualTo("BucketBrigade_Pipeline_Failure");
                assertThat(message.get("Message")).contains("author_id", "s3://" + buckets.results + "/" + FAILURE);
            });
        } finally {
            System.setOut(standard);
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines())
                .filteredOn(line -> line.contains("UnusableInputs"))
                .singleElement()
                .satisfies(line -> {
                    JsonNode metric = new ObjectMapper().readTree(line);
                    assertThat(metric.path("UnusableInputs").asInt()).isEqualTo(1);
                    assertThat(metric.path("FunctionName").asText()).isEqualTo("aggregate-lambda-md4-api");
                    assertThat(metric.at("/_aws/CloudWatchMetrics/0/Namespace").asText())
                            .isEqualTo("BucketBrigade");
                });
    }

    @Test
    void a_notification_that_did_not_go_out_is_sent_by_a_later_call() throws IOException {
        try (SnsStandIn sns = new SnsStandIn()) {
            restart(Map.of("AWS_ENDPOINT_URL_SNS", "http://127.0.0.1:1", "BRIGADE_SNS_TOPIC", SnsStandIn.TOPIC));
            putBoth();
            buckets.put("messages.csv", BROKEN);
            assertThatThrownBy(this::call)
                    .isInstanceOf(TransientFault.class)
                    .hasMessageContaining("Nobody could be notified by SNS");

            restart(Map.of(
                    "AWS_ENDPOINT_URL_SNS",
                    sns.environment().get("AWS_ENDPOINT_URL_SNS"),
                    "BRIGADE_SNS_TOPIC",
                    SnsStandIn.TOPIC));
            call();
            call();

            assertThat(sns.published()).hasSize(1);
        }
    }

    @Test
    void transient_faults_make_lambda_call_again() throws IOException {
        putBoth();
        buckets.proxy()
                .rule(request -> isObjectOf(request, buckets.raw) ? Fault.answer(403, "AccessDenied") : Fault.NONE);
        assertThatThrownBy(this::call)
                .isInstanceOf(TransientFault.class)
                .hasMessageContaining("do not give access to s3://" + buckets.raw)
                .hasNoCause()
                .satisfies(thrown -> assertThat(thrown.getStackTrace()).isEmpty());
        buckets.proxy().rule(request -> Fault.answer(503, "SlowDown"));
        assertThatThrownBy(this::call).isInstanceOf(TransientFault.class).hasMessageContaining("SlowDown");

        buckets.proxy().rule(request -> Fault.NONE);
        assertThat(call()).isEqualTo("{\"outcome\":\"current\"}");
        assertThat(buckets.written()).containsExactly(RESULT);
    }

    @Test
    void inputs_that_change_each_time_they_are_read_make_lambda_call_again() throws IOException {
        putBoth();
        int[] count = {0};
        buckets.proxy().rule(request -> {
            if (request.readsObject() && isObjectOf(request, buckets.raw)) {
                buckets.put("messages.csv", messages(2, 1) + "9,1,2026-01-01T00:00:00Z," + ++count[0] + "\n");
            }
            return Fault.NONE;
        });

        assertThatThrownBy(this::call).isInstanceOf(TransientFault.class).hasMessageContaining("changed each time");

        assertThat(buckets.written()).isEmpty();
    }

    @Test
    void what_changed_during_the_work_and_back_again_is_found_by_the_last_look() throws IOException {
        putBoth();
        call();
        String settled = buckets.get(RESULT);
        AtomicBoolean done = new AtomicBoolean();
        buckets.put("messages.csv", messages(1, 2));
        try (FunctionBuckets.Other other = buckets.other(folder)) {
            // This function has made the result of the second inputs; before it is put, the first are back, and another
            // one was called for them.
            buckets.proxy().rule(request -> {
                if (request.method().equals("PUT") && request.target().endsWith(RESULT) && !done.getAndSet(true)) {
                    buckets.put("messages.csv", messages(2, 1));
                    other.call();
                }
                return Fault.NONE;
            });
            call();
        }

        assertThat(done).isTrue();
        assertThat(buckets.get(RESULT)).isEqualTo(settled);
    }

    @Test
    void changes_in_other_buckets_are_of_no_concern() throws IOException {
        putBoth();

        assertThat(FunctionBuckets.call(function, FunctionBuckets.event("another-bucket")))
                .isEqualTo("{\"outcome\":\"ignored\"}");
        assertThat(FunctionBuckets.call(function, "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\"}"))
                .isEqualTo("{\"outcome\":\"ignored\"}");
        assertThat(FunctionBuckets.call(function, "\"hello\"")).isEqualTo("{\"outcome\":\"ignored\"}");

        assertThat(buckets.proxy().requests()).isEmpty();
    }

    @Test
    void of_a_batch_only_what_cannot_be_understood_fails() throws IOException {
        putBoth();
        String inside = new ObjectMapper().writeValueAsString(FunctionBuckets.event(buckets.raw));
        String batch = """
                {"Records":[
                 {"messageId":"one","eventSource":"aws:sqs","body":%s},
                 {"messageId":"two","eventSource":"aws:sqs","body":"hello"}]}
                """.formatted(inside);

        assertThat(FunctionBuckets.call(function, batch))
                .isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"two\"}]}");

        assertThat(buckets.get(RESULT)).isEqualTo(RANKING);
    }

    @Test
    void nothing_is_left_on_the_disk() throws IOException {
        Path left = Files.createDirectories(folder.resolve("work/tmp")).resolve("brigade-of-a-call-that-was-killed");
        Files.writeString(left, "much");
        putBoth();

        call();
        assertThat(folder.resolve("work")).doesNotExist();
        buckets.put("messages.csv", BROKEN);
        call();
        assertThat(folder.resolve("work")).doesNotExist();
        buckets.proxy().rule(request -> Fault.answer(403, "AccessDenied"));
        assertThatThrownBy(this::call).isInstanceOf(TransientFault.class);
        assertThat(folder.resolve("work")).doesNotExist();
    }
}
