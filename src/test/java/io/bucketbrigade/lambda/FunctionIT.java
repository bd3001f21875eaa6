package io.bucketbrigade.lambda;

import static io.bucketbrigade.lambda.FunctionBuckets.FAILURE;
import static io.bucketbrigade.lambda.FunctionBuckets.REJECTED;
import static io.bucketbrigade.lambda.FunctionBuckets.RESULT;
import static io.bucketbrigade.lambda.FunctionBuckets.USERS;
import static io.bucketbrigade.lambda.FunctionBuckets.messages;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.FaultProxy.Fault;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built function in AWS's own loop, which talks to a runtime API as on Lambda. */
@Tag("slow")
class FunctionIT {
    private static final String RANKING = "user_id,messages,name\n2,1,Bo Berg\n1,2,Ana Silva\n";
    private static final String REJECTS = "9,,2026-01-01T00:00:00Z,nobody\n";

    @TempDir
    private Path folder = Path.of("");

    private FunctionBuckets buckets;

    @BeforeEach
    void putBoth() throws IOException {
        buckets = new FunctionBuckets();
        buckets.put("users.csv", USERS);
        buckets.put("messages.csv", messages(2, 1));
    }

    @AfterEach
    void close() throws IOException {
        buckets.close();
    }

    private String event() {
        return FunctionBuckets.event(buckets.raw);
    }

    @Test
    void events_make_results_call_after_call() throws Exception {
        try (FunctionProcess function = new FunctionProcess(folder, buckets.environment())) {
            assertThat(function.call(event())).isEqualTo(new RuntimeApi.Ended(true, "{\"outcome\":\"current\"}"));
            assertThat(buckets.get(RESULT)).isEqualTo(RANKING);

            buckets.put("messages.csv", messages(1, 2));
            assertThat(function.call(event()).isSuccess()).isTrue();
            assertThat(buckets.get(RESULT)).isEqualTo("user_id,messages,name\n1,1,Ana Silva\n2,2,Bo Berg\n");
            assertThat(folder.resolve("tmp")).isEmptyDirectory();
        }
    }

    @Test
    void inputs_that_cannot_be_used_are_no_error_but_one_line_and_a_metric() throws Exception {
        buckets.put("messages.csv", "message_id,content\n1,hello\n");
        try (FunctionProcess function = new FunctionProcess(folder, buckets.environment())) {
            assertThat(function.call(event())).isEqualTo(new RuntimeApi.Ended(true, "{\"outcome\":\"broken\"}"));

            assertThat(buckets.written()).containsExactly(FAILURE);
            assertThat(function.log().lines())
                    .filteredOn(line -> !line.isBlank())
                    .satisfiesExactly(
                            line -> assertThat(line).contains("ERROR leaderboard: messages.csv, line 1"),
                            line -> assertThat(new ObjectMapper()
                                            .readTree(line)
                                            .path("UnusableInputs")
                                            .asInt())
                                    .isEqualTo(1));
        }
    }

    @Test
    void a_transient_fault_is_an_error_in_one_sentence() throws Exception {
        buckets.proxy().rule(request -> Fault.answer(403, "AccessDenied"));
        try (FunctionProcess function = new FunctionProcess(folder, buckets.environment())) {
            RuntimeApi.Ended refused = function.call(event());

            assertThat(refused.isSuccess()).isFalse();
            JsonNode error = new ObjectMapper().readTree(refused.body());
            assertThat(error.path("errorMessage").asText()).contains("do not give access to s3://" + buckets.raw);
            assertThat(error.path("stackTrace")).isEmpty();
            assertThat(function.log()).doesNotContain("\tat ");

            buckets.proxy().rule(request -> Fault.NONE);
            assertThat(function.call(event()).isSuccess()).isTrue();
        }
        assertThat(buckets.get(RESULT)).isEqualTo(RANKING);
    }

    @Test
    void a_function_that_cannot_start_says_why() throws Exception {
        Map<String, String> environment = buckets.environment();
        environment.put("LEADERBOARD_MAX_REJECTED", "much");
        try (FunctionProcess function = new FunctionProcess(folder, environment)) {
            String error = function.api().initError().get(1, TimeUnit.MINUTES);

            assertThat(new ObjectMapper().readTree(error).path("errorMessage").asText())
                    .contains("LEADERBOARD_MAX_REJECTED");
            assertThat(function.ends()).isTrue();
        }
    }

    @Test
    void the_rehearsal_for_the_image_needs_nothing_else_and_ends() throws Exception {
        Map<String, String> environment = Map.of(
                "BRIGADE_HOME",
                TestService.HOME.toString(),
                "AWS_LAMBDA_RUNTIME_API",
                "127.0.0.1:" + TestService.freePort());
        try (FunctionProcess rehearsal = new FunctionProcess(folder, environment, Rehearsal.class)) {
            assertThat(rehearsal.ends()).isTrue();
            assertThat(rehearsal.status()).as(rehearsal.log()).isZero();
            assertThat(rehearsal.log()).contains("44 rows read");
        }
    }

    /** Of the requests of a call that makes a result with rejected rows: at a listing, while reading, and around both writes. */
    @ParameterizedTest
    @ValueSource(ints = {1, 6, 8, 12, 13, 14})
    void killed_in_the_middle_it_is_done_again(int deadly) throws Exception {
        buckets.put("messages.csv", messages(2, 1) + REJECTS);
        Map<String, String> environment = buckets.environment();
        environment.put("LEADERBOARD_MAX_REJECTED", "50%");
        AtomicInteger requests = new AtomicInteger();
        try (FunctionProcess killed = new FunctionProcess(folder, environment)) {
            buckets.proxy().rule(request -> {
                if (requests.incrementAndGet() == deadly) {
                    killed.kill();
                }
                return Fault.NONE;
            });
            CompletableFuture<RuntimeApi.Ended> call = killed.api().call(event());
            assertThat(killed.ends()).isTrue();
            assertThat(call).isNotDone();
        }
        buckets.proxy().rule(request -> Fault.NONE);

        try (FunctionProcess again = new FunctionProcess(folder, environment)) {
            assertThat(again.call(event()).isSuccess()).isTrue();
        }

        assertThat(buckets.get(RESULT)).isEqualTo(RANKING);
        assertThat(buckets.get(REJECTED)).hasLineCount(2);
        assertThat(buckets.metadata(REJECTED)).isEqualTo(buckets.metadata(RESULT));
        assertThat(folder.resolve("tmp")).isEmptyDirectory();
    }
}
