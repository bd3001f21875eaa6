package io.bucketbrigade.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The pipeline with its files in buckets. The long form does it on a second server too, because each has its own quirks:
 * {@code ./mvnw test -Dtest=BucketsTest -Ds3mock}
 */
@Tag("slow")
class BucketsTest {
    private static final String MESSAGES = "message_id,author_id,received_at,content\n";
    private static final String USERS = "user_id,first_name,last_name\n1,Ana,Lima\n2,Bo,Ek\n";

    enum Server {
        S3PROXY,
        S3MOCK;

        TestBuckets buckets() {
            return this == S3PROXY ? TestBuckets.s3Proxy() : TestBuckets.s3Mock();
        }
    }

    @TempDir
    private Path folder = Path.of("");

    static Stream<Server> servers() {
        return Stream.of(Server.values())
                .filter(server -> server != Server.S3MOCK || System.getProperty("s3mock") != null);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void the_result_follows_each_change_in_the_raw_bucket(Server server) throws Exception {
        TestBuckets buckets = server.buckets();
        String raw = buckets.newBucket();
        String result = buckets.newBucket();
        Map<String, String> environment = new HashMap<>(buckets.environment());
        environment.put("LEADERBOARD_RAW", "s3://" + raw);
        environment.put("LEADERBOARD_RESULT", "s3://" + result + "/some/results/");
        try (TestService service = new TestService(folder, environment)) {
            buckets.put(raw, "messages.csv", MESSAGES + "1,1,x,a\n2,1,x,b\n3,2,x,c\n4,9,x,d\n");
            assertThat(service.board()).isEqualTo("{\"leaderboard\": []}");
            buckets.put(raw, "copies/users.csv", USERS);
            buckets.put(raw, "users.csv.csv", USERS);
            assertThat(service.get("/raw/leaderboard").body())
                    .contains("\"users.csv.csv is there: if that is the right file, rename it to users.csv\"");
            buckets.put(raw, "users.csv", USERS);
            service.awaitBoard("{\"user_id\":1,\"messages\":2,\"name\":\"Ana Lima\"}");
            JsonNode run = service.latestRun();
            assertThat(run.path("outputs").path(0).asText())
                    .isEqualTo("s3://" + result + "/some/results/pipeline_result.csv");
            assertThat(run.path("inputs").path(0).path("path").asText()).isEqualTo("s3://" + raw + "/messages.csv");
            assertThat(run.path("inputs").path(0).path("etag").asText()).isNotBlank();
            ResponseBytes<GetObjectResponse> object = buckets.get(result, "some/results/pipeline_result.csv");
            assertThat(object.asUtf8String()).isEqualTo("user_id,messages,name\n2,1,Bo Ek\n9,1,\n1,2,Ana Lima\n");
            assertThat(object.response().contentType()).startsWith("text/csv");
            assertThat(object.response().metadata())
                    .containsEntry("run-id", run.path("id").asText());

            buckets.put(raw, "users.csv", USERS.replace("Ana", "Eva"));
            service.awaitBoard("Eva Lima");
            assertThat(buckets.get(raw, "users.csv").asUtf8String()).isEqualTo(USERS.replace("Ana", "Eva"));
        }
    }

    @Test
    void a_bucket_and_a_folder_can_be_mixed(@TempDir Path other) throws Exception {
        TestBuckets buckets = TestBuckets.s3Proxy();
        String bucket = buckets.newBucket();
        Map<String, String> environment = new HashMap<>(buckets.environment());
        environment.put("LEADERBOARD_RAW", "s3://" + bucket + "/raw");
        buckets.put(bucket, "raw/messages.csv", MESSAGES + "1,1,x,a\n");
        buckets.put(bucket, "raw/users.csv", USERS);
        try (TestService service = new TestService(folder, environment)) {
            service.awaitBoard("Ana Lima");
            assertThat(service.result().resolve("pipeline_result.csv"))
                    .hasContent("user_id,messages,name\n1,1,Ana Lima\n");
        }
        environment.remove("LEADERBOARD_RAW");
        environment.put("LEADERBOARD_RESULT", "s3://" + bucket);
        try (TestService service = new TestService(other, environment)) {
            service.drop("messages.csv", MESSAGES + "1,2,x,a\n");
            service.drop("users.csv", USERS);
            service.awaitBoard("Bo Ek");
            assertThat(buckets.get(bucket, "pipeline_result.csv").asUtf8String())
                    .isEqualTo("user_id,messages,name\n2,1,Bo Ek\n");
        }
    }

    @Test
    void a_large_result_goes_in_parts_with_metadata_and_replaces_the_old_one() throws Exception {
        TestBuckets buckets = TestBuckets.s3Proxy();
        String bucket = buckets.newBucket();
        Map<String, String> environment = new HashMap<>(buckets.environment());
        environment.put("LEADERBOARD_RESULT", "s3://" + bucket);
        environment.put("BRIGADE_S3_MULTIPART", "1000000");
        StringBuilder messages = new StringBuilder(MESSAGES);
        StringBuilder users = new StringBuilder(USERS);
        for (int author = 10_001; author <= 30_000; author++) {
            messages.append("1,").append(author).append(",x,a\n");
            users.append(author).append(',').append("Cleo ".repeat(100)).append(",Roy\n");
        }
        try (TestService service = new TestService(folder, environment)) {
            service.drop("users.csv", users.toString());
            service.drop("messages.csv", MESSAGES + "1,1,x,a\n");
            service.awaitBoard("Ana Lima");
            service.drop("messages.csv", messages.toString());
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                            service.get("/leaderboard?limit=1").body())
                    .contains("\"user_id\":10001,"));
            ResponseBytes<GetObjectResponse> object = buckets.get(bucket, "pipeline_result.csv");
            assertThat(object.asByteArray().length).isGreaterThan(8 * 1024 * 1024);
            assertThat(object.asUtf8String().lines().count()).isEqualTo(20_001);
            assertThat(object.response().eTag()).as("of an object in parts").contains("-2");
            assertThat(object.response().contentType()).startsWith("text/csv");
            assertThat(object.response().metadata())
                    .containsEntry("run-id", service.latestRun().path("id").asText());
        }
    }
}
