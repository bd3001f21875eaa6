package io.bucketbrigade.web;

import static io.bucketbrigade.support.ProblemAnswer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.FaultProxy;
import io.bucketbrigade.support.FaultProxy.Fault;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class FeedFromBucketTest {
    private static final String RESULT = "user_id,messages,name\n2,1,Bo Ek\n1,5,Ana Lima\n";

    private final TestBuckets buckets = TestBuckets.s3Proxy();
    private final FaultProxy proxy = new FaultProxy(buckets.endpoint());

    @TempDir
    private Path folder = Path.of("");

    FeedFromBucketTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        proxy.close();
    }

    private TestService service(String... more) throws Exception {
        Map<String, String> environment = new HashMap<>(buckets.environment(proxy.endpoint()));
        environment.put("BRIGADE_S3_TIMEOUT", "500ms");
        for (int at = 0; at < more.length; at += 2) {
            environment.put(more[at], more[at + 1]);
        }
        return new TestService(folder, environment);
    }

    private static HttpResponse<String> feed(TestService service, String bucket) throws Exception {
        return service.post("/feed/s3", "{\"s3_bucket\": \"" + bucket + "\"}");
    }

    @Test
    void a_result_at_the_root_of_a_bucket_becomes_the_board() throws Exception {
        String bucket = buckets.newBucket();
        buckets.put(bucket, "pipeline_result.csv", RESULT);
        try (TestService service = service()) {
            HttpResponse<String> answer = feed(service, bucket);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).startsWith("{\"rows\": 2, \"run_id\": ");
            assertThat(service.board())
                    .isEqualTo("{\"leaderboard\": [{\"user_id\":1,\"messages\":5,\"name\":\"Ana Lima\"}, "
                            + "{\"user_id\":2,\"messages\":1,\"name\":\"Bo Ek\"}]}");
        }
    }

    @Test
    void what_can_not_be_taken_is_said_with_bucket_and_key() throws Exception {
        String empty = buckets.newBucket();
        String broken = buckets.newBucket();
        buckets.put(broken, "pipeline_result.csv", "user_id,messages,name\n1,many,Ana\n");
        try (TestService service = service()) {
            assertProblem(feed(service, "no-such-bucket"), 404, "no bucket no-such-bucket", "/pipeline_result.csv");
            assertProblem(feed(service, empty), 404, "s3://" + empty + "/pipeline_result.csv");
            assertProblem(feed(service, broken), 422, "pipeline_result.csv, line 2, column messages");
            assertProblem(service.post("/feed/s3", "{}"), 400, "missing the field s3_bucket");
            proxy.rule(request -> Fault.answer(403, "AccessDenied"));
            assertProblem(feed(service, empty), 403, "s3://" + empty + "/pipeline_result.csv", "AccessDenied");
            assertThat(service.board()).isEqualTo("{\"leaderboard\": []}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Upper-Case", "a", "under_score", "../x", "a..b", "x?autoCreateBucket=true", "s3://bucket", "é--"
            })
    void a_name_that_no_bucket_can_have_is_refused_without_asking(String name) throws Exception {
        try (TestService service = service()) {
            assertProblem(feed(service, name), 400, "'" + name + "' is not a valid bucket name", "pipeline_result.csv");
        }
        assertThat(proxy.requests()).isEmpty();
    }

    @Test
    void only_the_buckets_of_the_setting_may_be_named_where_it_is_set() throws Exception {
        String named = buckets.newBucket();
        String other = buckets.newBucket();
        buckets.put(named, "pipeline_result.csv", RESULT);
        buckets.put(other, "pipeline_result.csv", RESULT);
        try (TestService service = service("BRIGADE_FEED_BUCKETS", "another-one, " + named)) {
            assertThat(feed(service, named).statusCode()).isEqualTo(200);
            assertProblem(feed(service, other), 403, other, "pipeline_result.csv", "BRIGADE_FEED_BUCKETS");
        }
    }

    @Test
    void s3_that_is_silent_throttles_or_is_away_is_answered_503_within_a_bound() throws Exception {
        String bucket = buckets.newBucket();
        buckets.put(bucket, "pipeline_result.csv", RESULT);
        try (TestService service = service()) {
            for (Fault fault : new Fault[] {Fault.SILENCE, Fault.answer(503, "SlowDown"), Fault.resetAfter(0)}) {
                proxy.rule(request -> fault);
                HttpResponse<String> answer = feed(service, bucket);
                assertProblem(answer, 503, "s3://" + bucket + "/pipeline_result.csv", "tried several times");
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            }
            proxy.close();
            assertProblem(feed(service, bucket), 503, "S3 can't be reached");
        }
    }
}
