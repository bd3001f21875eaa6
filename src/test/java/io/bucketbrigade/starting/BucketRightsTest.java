package io.bucketbrigade.starting;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.FaultProxy;
import io.bucketbrigade.support.FaultProxy.Fault;
import io.bucketbrigade.support.FaultProxy.Request;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the service asks of S3, and what it never asks. */
@Tag("slow")
class BucketRightsTest {
    private static final String MESSAGES = "message_id,author_id,received_at,content\n";
    private static final String USERS = "user_id,first_name,last_name\n1,Ana,Lima\n";

    private final TestBuckets buckets = TestBuckets.s3Proxy();
    private final String raw = buckets.newBucket();
    private final String result = buckets.newBucket();

    @TempDir
    private Path folder = Path.of("");

    private Map<String, String> environment(FaultProxy proxy) {
        Map<String, String> environment = new HashMap<>(buckets.environment(proxy.endpoint()));
        environment.put("LEADERBOARD_RAW", "s3://" + raw + "/in");
        environment.put("LEADERBOARD_RESULT", "s3://" + result + "/out");
        return environment;
    }

    private boolean mayBe(Request request) {
        if (request.target().startsWith("/" + raw)) {
            return request.lists() || request.readsObject();
        }
        return request.lists() || request.readsObject() || request.method().equals("PUT");
    }

    @Test
    void listing_and_reading_suffice_for_the_raw_bucket_and_nothing_is_ever_deleted() throws Exception {
        try (FaultProxy proxy = new FaultProxy(buckets.endpoint())) {
            proxy.rule(request -> mayBe(request) ? Fault.NONE : Fault.answer(403, "AccessDenied"));
            try (TestService service = new TestService(folder, environment(proxy))) {
                buckets.put(raw, "in/messages.csv", MESSAGES + "1,1,x,a\n".repeat(200) + "2,,x,b\n");
                buckets.put(raw, "in/users.csv", USERS);
                service.awaitBoard("\"messages\":200,\"name\":\"Ana Lima\"");
                assertThat(buckets.get(result, "out/rejected.csv").asUtf8String())
                        .isEqualTo("file,line,reason,row\nmessages.csv,202,author_id is blank,\"2,,x,b\"\n");

                buckets.put(raw, "in/messages.csv", MESSAGES + "1,1,x,a\n");
                service.awaitBoard("\"messages\":1,");
                assertThat(buckets.get(result, "out/rejected.csv").asUtf8String())
                        .as("no rows were rejected, and nothing may be deleted")
                        .isEqualTo("file,line,reason,row\n");
            }
            assertThat(proxy.requests()).filteredOn(request -> !mayBe(request)).isEmpty();
        }
    }

    @Test
    void every_read_names_the_version_and_every_write_has_a_checksum() throws Exception {
        try (FaultProxy proxy = new FaultProxy(buckets.endpoint())) {
            buckets.put(raw, "in/messages.csv", MESSAGES + "1,1,x,a\n");
            buckets.put(raw, "in/users.csv", USERS);
            try (TestService service = new TestService(folder, environment(proxy))) {
                service.awaitBoard("Ana Lima");
            }
            List<Request> reads =
                    proxy.requests().stream().filter(Request::readsObject).toList();
            assertThat(reads).isNotEmpty().allSatisfy(read -> {
                assertThat(read.headers()).containsKeys("If-Match", "Range");
            });
            assertThat(proxy.requests())
                    .filteredOn(request -> request.method().equals("PUT"))
                    .isNotEmpty()
                    .allSatisfy(write -> assertThat(write.headers().keySet())
                            .anyMatch(header -> header.matches("(?i)x-amz-(checksum-crc32|trailer)")));
        }
    }

    @Test
    void two_and_a_half_thousand_other_objects_under_the_prefix_do_not_matter() throws Exception {
        Path place = Files.createDirectories(buckets.folder(raw).resolve("in"));
        for (int other = 0; other < 2_500; other++) {
            Files.writeString(place.resolve((other % 2 == 0 ? "messages.csv." : "a") + other), "x");
        }
        buckets.put(raw, "in/messages.csv", MESSAGES + "1,1,x,a\n");
        buckets.put(raw, "in/users.csv", USERS);
        try (FaultProxy proxy = new FaultProxy(buckets.endpoint());
                TestService service = new TestService(folder, environment(proxy))) {
            service.awaitBoard("Ana Lima");
        }
    }
}
