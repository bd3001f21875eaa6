package io.bucketbrigade.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.support.FaultProxy;
import io.bucketbrigade.support.FaultProxy.Fault;
import io.bucketbrigade.support.FaultProxy.Request;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** S3 that misbehaves: a real server, with faults put between it and the service. */
@Tag("slow")
class BucketFaultsTest {
    private static final String MESSAGES = "message_id,author_id,received_at,content\n";
    private static final String USERS = "user_id,first_name,last_name\n1,Ana,Lima\n2,Bo,Ek\n";
    /** More than one piece, so that an answer may break off in the middle of the file. */
    private static final int ROWS = 40_000;

    private static final String CONTENT = ",1,2026-01-01T00:00:00Z," + "some words ".repeat(8) + "\n";

    private final TestBuckets buckets = TestBuckets.s3Proxy();
    private final String raw = buckets.newBucket();
    private final String result = buckets.newBucket();
    private final Map<String, String> environment = new HashMap<>();
    private FaultProxy proxy;

    @TempDir
    private Path folder = Path.of("");

    BucketFaultsTest() throws IOException {
        proxy = new FaultProxy(buckets.endpoint());
    }

    @BeforeEach
    void prepare() {
        environment.putAll(buckets.environment(proxy.endpoint()));
        environment.put("LEADERBOARD_RAW", "s3://" + raw);
        environment.put("LEADERBOARD_RESULT", "s3://" + result);
        environment.put("BRIGADE_S3_TIMEOUT", "1s");
        buckets.put(raw, "messages.csv", messages("1"));
        buckets.put(raw, "users.csv", USERS);
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
    }

    private static String messages(String author) {
        StringBuilder messages = new StringBuilder(MESSAGES);
        for (int row = 0; row < ROWS; row++) {
            messages.append(row).append(CONTENT.replace(",1,", "," + author + ","));
        }
        return messages.toString();
    }

    enum Transient {
        THROTTLED(request -> Fault.answer(503, "SlowDown")),
        FAULTY(request -> Fault.answer(500, "InternalError")),
        SILENT(request -> Fault.SILENCE),
        RESET_IN_THE_BODY(request -> request.readsObject() ? Fault.resetAfter(100_000) : Fault.NONE),
        RESET_BEFORE_THE_ANSWER(request -> Fault.resetAfter(0)),
        SHORTER_THAN_ITS_RANGE(request -> request.readsObject() ? Fault.shorterBy(1) : Fault.NONE);

        @SuppressWarnings("ImmutableEnumChecker")
        private final Function<Request, Fault> fault;

        Transient(Function<Request, Fault> fault) {
            this.fault = fault;
        }
    }

    @ParameterizedTest
    @EnumSource
    void transient_failures_are_tried_again_and_no_run_fails(Transient failure) throws Exception {
        Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
        proxy.rule(request -> {
            String same =
                    request.method() + request.target() + request.headers().get("Range");
            int times =
                    asked.computeIfAbsent(same, first -> new AtomicInteger()).incrementAndGet();
            return times <= 2 ? failure.fault.apply(request) : Fault.NONE;
        });
        try (TestService service = new TestService(folder, environment)) {
            service.awaitBoard("\"messages\":" + ROWS + ",\"name\":\"Ana Lima\"");
            assertThat(service.runs()).hasSize(1);
        }
    }

    @Test
    void an_outage_fails_the_run_in_words_degrades_the_service_and_passes_by_itself() throws Exception {
        proxy.rule(request -> request.readsObject() ? Fault.answer(503, "SlowDown") : Fault.NONE);
        try (TestService service = new TestService(folder, environment)) {
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                            service.latestRun().path("state").asText())
                    .isEqualTo("failed"));
            assertThat(service.latestRun().path("error").asText())
                    .isEqualTo("S3 can't be reached or does not answer for s3://" + raw
                            + "/messages.csv (SlowDown). It was tried several times.");
            HttpResponse<String> health = service.get("/observe/health");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body())
                    .contains("{\"status\":\"DEGRADED\"", "runs of leaderboard (rank): S3 can't be reached");
            assertThat(service.get("/leaderboard").statusCode()).isEqualTo(200);

            proxy.rule(request -> Fault.NONE);
            service.awaitBoard("\"messages\":" + ROWS + ",");
            assertThat(service.get("/observe/health").body()).contains("{\"status\":\"UP\"");
        }
    }

    @Test
    void a_result_bucket_that_is_not_there_is_said_and_filled_when_it_is_made() throws Exception {
        String result = raw + "-result";
        environment.put("LEADERBOARD_RESULT", "s3://" + result);
        try (TestService service = new TestService(folder, environment)) {
            await().untilAsserted(
                            () -> assertThat(service.latestRun().path("error").asText())
                                    .isEqualTo("There is no bucket " + result + " (asked for s3://" + result
                                            + "/pipeline_result.csv). Create it, or name another."));
            assertThat(service.get("/observe/health").body()).contains("DEGRADED");
            buckets.make(result);
            service.awaitBoard("\"messages\":" + ROWS + ",");
            assertThat(buckets.get(result, "pipeline_result.csv").asUtf8String())
                    .startsWith("user_id,messages,name");
        }
    }

    /** Status, code and message as S3 sends them; what the caller gets. The object is O, the bucket B. */
    private static final String[][] REFUSALS = {
        {
            "403",
            "AccessDenied",
            "Access Denied",
            "403",
            "not give access to O (AccessDenied). deploy/iam/ lists the rights"
        },
        {
            "403",
            "AccessDenied",
            "User: arn:aws:iam::1:user/ana is not authorized to perform: s3:ListBucket on resource: \"arn:aws:s3:::x\"",
            "403",
            "not give access to O (s3:ListBucket is denied)."
        },
        {
            "403",
            "AccessDenied",
            "User: arn:aws:iam::1:user/ana is not authorized to perform: kms:Decrypt on the resource",
            "403",
            "S3 refuses the request for O: the KMS key that encrypts it can't be used (kms:Decrypt is denied)."
        },
        {"400", "KMS.DisabledException", "is disabled", "403", "the KMS key that encrypts it can't be used"},
        {"403", "InvalidObjectState", "storage class", "403", "O is archived and can't be read. Restore it"},
        {"400", "ExpiredToken", "The provided token has expired.", "403", "the credentials have expired. Renew them"},
        {"400", "TokenRefreshRequired", "x", "403", "the credentials have expired. Renew them"},
        {"403", "InvalidAccessKeyId", "x", "403", "AWS does not know the access key. Check AWS_ACCESS_KEY_ID"},
        {"403", "SignatureDoesNotMatch", "x", "403", "the secret does not match the access key."},
        {"403", "RequestTimeTooSkewed", "x", "403", "the clock of this machine is wrong. Set it."},
        {
            "400",
            "AuthorizationHeaderMalformed",
            "the region 'us-east-1' is wrong; expecting 'eu-central-1'",
            "400",
            "The bucket of O is in another region, eu-central-1. Set AWS_REGION=eu-central-1."
        },
        {"301", "PermanentRedirect", "x", "400", "The bucket of O is in another region. Set AWS_REGION to it."},
        {
            "403",
            "AccessDenied",
            "object protected by Object Lock",
            "403",
            "O is locked against changes (S3 Object Lock)."
        },
        {"400", "ObjectLocked", "x", "403", "O is locked against changes"},
        {"403", "AllAccessDisabled", "x", "403", "the account may not use this service."},
        {"404", "NoSuchBucket", "x", "404", "There is no bucket B (asked for O)."},
    };

    @Test
    void each_refusal_of_s3_is_said_in_its_own_words_and_never_in_those_of_the_sdk() throws Exception {
        try (TestService service = new TestService(folder, environment)) {
            for (String[] refusal : REFUSALS) {
                proxy.rule(request -> Fault.answer(Integer.parseInt(refusal[0]), refusal[1], refusal[2]));
                HttpResponse<String> answer = service.post("/feed/s3", "{\"s3_bucket\": \"" + raw + "\"}");
                assertThat(answer.statusCode()).as(refusal[1]).isEqualTo(Integer.parseInt(refusal[3]));
                assertThat(answer.body())
                        .contains(refusal[4]
                                .replace("O ", "s3://" + raw + "/pipeline_result.csv ")
                                .replace("O:", "s3://" + raw + "/pipeline_result.csv:")
                                .replace("O)", "s3://" + raw + "/pipeline_result.csv)")
                                .replace("B ", raw + " "))
                        .doesNotContain("Service: S3", "SDK", "arn:aws:iam");
            }
        }
    }

    @Test
    void a_check_that_fails_is_reported_once_and_degrades_the_service_until_it_works() throws Exception {
        proxy.rule(request -> Fault.answer(403, "AccessDenied"));
        try (TestService service = new TestService(folder, environment)) {
            await().untilAsserted(() -> assertThat(
                            service.get("/observe/health").body())
                    .contains("{\"status\":\"DEGRADED\"", "The current credentials do not give access to s3://" + raw));
            proxy.rule(request -> Fault.NONE);
            service.awaitBoard("\"messages\":" + ROWS + ",");
            assertThat(service.get("/observe/health").body()).contains("{\"status\":\"UP\"");
        }
    }

    @Test
    void an_object_overwritten_in_the_middle_is_read_again_and_never_mixed() throws Exception {
        environment.put("BRIGADE_COUNTING_THREADS", "1");
        AtomicBoolean overwritten = new AtomicBoolean();
        proxy.rule(request -> {
            boolean second = request.readsObject()
                    && request.target().contains("messages")
                    && !request.headers().getOrDefault("Range", "").startsWith("bytes=0-");
            // A slow machine's client asks again before the object is overwritten, and must not get the old one.
            synchronized (overwritten) {
                if (second && overwritten.compareAndSet(false, true)) {
                    buckets.put(raw, "messages.csv", messages("2"));
                }
            }
            return Fault.NONE;
        });
        try (TestService service = new TestService(folder, environment)) {
            service.awaitBoard("{\"leaderboard\": [{\"user_id\":2,\"messages\":" + ROWS + ",\"name\":\"Bo Ek\"}]}");
            assertThat(service.runs().findValuesAsText("state")).containsExactly("succeeded", "released");
            assertThat(service.runs().path(1).path("error").asText())
                    .isEqualTo("messages.csv changed while being read; it is read again.");
        }
    }
}
