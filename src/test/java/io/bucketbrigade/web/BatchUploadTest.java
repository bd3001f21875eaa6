package io.bucketbrigade.web;

import static io.bucketbrigade.support.ProblemAnswer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** Files that are sent as a batch are one change: no run reads some of them. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BatchUploadTest {
    private static final String BATCHES = "/raw/leaderboard/batches";
    private static final String UNKNOWN = BATCHES + "/00000000-0000-0000-0000-000000000000";
    /** So that a run would start at once if it might. */
    private static final Map<String, String> FAST = Map.of("BRIGADE_SETTLE", "1ms", "BRIGADE_POLL", "20ms");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestBuckets buckets = TestBuckets.s3Proxy();
    private final String bucket = buckets.newBucket();
    private Path folder;
    private TestService inFolder;
    private TestService inBucket;

    @BeforeAll
    void start(@TempDir Path own) throws Exception {
        folder = own;
        inFolder = new TestService(own.resolve("folder"), FAST);
        inBucket = new TestService(own.resolve("bucket"), bucketEnvironment());
    }

    @AfterAll
    void stop() {
        inFolder.close();
        inBucket.close();
    }

    private Map<String, String> bucketEnvironment() {
        Map<String, String> environment = new HashMap<>(FAST);
        environment.putAll(buckets.environment());
        environment.put("LEADERBOARD_RAW", "s3://" + bucket + "/in");
        return environment;
    }

    /** The pair of files number n: n messages, and a name of n letters, so that every pair has lengths of its own. */
    private static String messages(int n) {
        return "message_id,author_id,received_at,content\n" + "1,1,x,a\n".repeat(n);
    }

    private static String users(int n) {
        return "user_id,first_name,last_name\n1,Ana," + "x".repeat(n) + "\n";
    }

    private static String board(int n) {
        return "{\"leaderboard\": [{\"user_id\":1,\"messages\":" + n + ",\"name\":\"Ana " + "x".repeat(n) + "\"}]}";
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }

    private static String begin(TestService service) throws Exception {
        HttpResponse<String> begun = service.post(BATCHES, "{\"files\": [\"messages.csv\", \"users.csv\"]}");
        assertThat(begun.statusCode()).isEqualTo(201);
        return BATCHES + "/" + json(begun).path("batch").asText();
    }

    private static HttpResponse<String> put(TestService service, String path, String text) throws Exception {
        return service.send(service.request(path, "Content-Type", "text/csv").PUT(BodyPublishers.ofString(text)));
    }

    private static String filled(TestService service, int n) throws Exception {
        String batch = begin(service);
        assertThat(put(service, batch + "/messages.csv", messages(n)).statusCode())
                .isEqualTo(200);
        assertThat(put(service, batch + "/users.csv", users(n)).statusCode()).isEqualTo(200);
        return batch;
    }

    private static JsonNode send(TestService service, int n) throws Exception {
        HttpResponse<String> committed = service.post(filled(service, n) + "/commit", "");
        assertThat(committed.statusCode()).as(committed.body()).isEqualTo(200);
        return json(committed);
    }

    private static JsonNode awaitRun(TestService service, String batch) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> json(service.get(batch)).path("run"),
                        run -> run.path("state").asText().equals("succeeded"));
    }

    private static List<String> in(Path place) throws Exception {
        try (Stream<Path> files = Files.list(place)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static int runs(TestService service) throws Exception {
        return Integer.parseInt(service.ask("SELECT count(*) FROM brigade.runs"));
    }

    private static void awaitOnlyWhatIsSeen(TestService service) {
        await().untilAsserted(() -> assertThat(service.ask("SELECT count(*) FROM brigade.staged_files"))
                .isEqualTo("0"));
    }

    @Test
    void a_batch_is_seen_when_it_is_committed_and_names_the_run_that_read_it() throws Exception {
        for (TestService service : List.of(inFolder, inBucket)) {
            int before = runs(service);
            String batch = filled(service, 3);
            JsonNode open = json(service.get(batch));
            assertThat(open.path("state").asText()).isEqualTo("open");
            assertThat(open.path("files").findValuesAsText("received")).containsExactly("true", "true");

            // Sent once more, they take the place of the first.
            put(service, batch + "/users.csv", users(4));
            put(service, batch + "/messages.csv", messages(4));
            HttpResponse<String> committed = service.post(batch + "/commit", "");
            assertThat(json(committed).path("state").asText()).isEqualTo("committed");
            assertThat(json(committed).path("replaced")).isEmpty();
            JsonNode run = awaitRun(service, batch);
            assertThat(service.board()).isEqualTo(board(4));
            assertThat(run.path("rows_counted").asInt()).isEqualTo(4);
            assertThat(runs(service)).isEqualTo(before + 1);
            awaitOnlyWhatIsSeen(service);

            assertThat(service.post(batch + "/commit", "").statusCode()).isEqualTo(200);
            assertProblem(put(service, batch + "/users.csv", users(5)), 409, "is committed already");
            assertProblem(service.send(service.request(batch).DELETE()), 409, "can't be dropped any more");
            put(service, "/raw/leaderboard/users.csv", users(6));
            await().untilAsserted(() -> assertThat(service.board()).contains("Ana xxxxxx"));
            assertThat(json(service.get(batch)).path("run")).isEqualTo(run);
        }
        assertThat(in(inFolder.raw())).containsExactly("messages.csv", "users.csv");
    }

    @Test
    void a_file_that_is_replaced_before_a_run_has_read_it_is_named() throws Exception {
        Files.deleteIfExists(inFolder.raw().resolve("messages.csv"));
        String batch = BATCHES + "/"
                + json(inFolder.post(BATCHES, "{\"files\": [\"users.csv\"]}"))
                        .path("batch")
                        .asText();
        put(inFolder, batch + "/users.csv", users(1));
        JsonNode committed = json(inFolder.post(batch + "/commit", ""));
        assertThat(committed.path("run").isNull()).isTrue();
        assertThat(committed.path("replaced")).isEmpty();
        put(inFolder, "/raw/leaderboard/users.csv", users(1));
        assertThat(json(inFolder.get(batch)).path("replaced"))
                .extracting(JsonNode::asText)
                .containsExactly("users.csv");
    }

    @Test
    void what_cannot_be_done_with_a_batch_is_said_in_words() throws Exception {
        TestService service = inFolder;
        assertProblem(service.post(BATCHES, "{\"files\": []}"), 400, "one or more files");
        assertProblem(service.post(BATCHES, "{\"files\": [\"users.csv\", \"users.csv\"]}"), 400, "each named once");
        assertProblem(service.post(BATCHES, "{\"files\": \"users.csv\"}"), 400, "must be a list of texts");
        assertProblem(service.post(BATCHES, "users.csv"), 400, "The body is not JSON");
        assertProblem(
                service.post(BATCHES, "{\"files\": [\"letters.csv\"]}"),
                404,
                "letters.csv is not an input of leaderboard. Use messages.csv or users.csv.");
        assertProblem(service.get(UNKNOWN), 404, "There is no batch 0000");
        assertProblem(service.get(BATCHES + "/x%00y"), 400, "The parameter batch holds %00");
        assertProblem(put(service, UNKNOWN + "/users.csv", users(1)), 404, "There is no batch");
        assertProblem(service.post(UNKNOWN + "/commit", ""), 404, "There is no batch");
        assertProblem(service.send(service.request(UNKNOWN).DELETE()), 404, "There is no batch");

        String batch = begin(service);
        assertProblem(put(service, batch + "/letters.csv", "a,b"), 404, "letters.csv is not a file of batch ");
        assertProblem(put(service, batch + "/users.csv", "a,b\n"), 422, "column user_id");
        assertProblem(service.post(batch + "/commit", ""), 409, "is missing messages.csv and users.csv. Send them");
        put(service, batch + "/users.csv", users(1));
        assertProblem(service.post(batch + "/commit", ""), 409, "is missing messages.csv. Send it");

        assertThat(service.send(service.request(batch).DELETE()).statusCode()).isEqualTo(200);
        assertThat(json(service.get(batch)).path("state").asText()).isEqualTo("dropped");
        assertProblem(put(service, batch + "/messages.csv", messages(1)), 410, "was dropped. Begin a new one");
        assertProblem(service.post(batch + "/commit", ""), 410, "was dropped. Begin a new one");
    }

    @Test
    void a_batch_that_nobody_commits_is_dropped_after_a_while_and_harms_nobody() throws Exception {
        for (TestService service : List.of(inFolder, inBucket)) {
            String batch = begin(service);
            put(service, batch + "/users.csv", users(1));
            service.execute("UPDATE brigade.upload_batches SET expires_at = now() WHERE state = 'open'");
            assertProblem(put(service, batch + "/messages.csv", messages(1)), 410, "has expired");
            assertProblem(service.post(batch + "/commit", ""), 410, "has expired");
            awaitOnlyWhatIsSeen(service);
            send(service, 2);
            service.awaitBoard(board(2));
        }
        assertThat(in(inFolder.raw())).containsExactly("messages.csv", "users.csv");
        assertThat(buckets.client()
                        .listMultipartUploads(request -> request.bucket(bucket))
                        .uploads())
                .isEmpty();
    }

    /** A process that died in the middle, and whose lease holds until it is ended. */
    private static void dieInTheMiddle(TestService service) throws Exception {
        service.execute(
                "UPDATE brigade.upload_batches SET state = 'committing', owner = 'dead', lease_until = 'infinity',"
                        + " generation = nextval('brigade.upload_generations') WHERE state = 'open'");
    }

    private static void endLease(TestService service) throws Exception {
        service.execute("UPDATE brigade.upload_batches SET lease_until = now() WHERE state = 'committing'");
    }

    private static JsonNode ticket(TestService service, String file) throws Exception {
        return JSON.readTree(service.ask("SELECT ticket FROM brigade.staged_files JOIN brigade.upload_batches b"
                + " USING (batch_id) WHERE b.state = 'open' AND file = '" + file + "'"));
    }

    @Test
    void no_run_starts_on_half_a_batch_and_another_process_finishes_it_where_the_first_died() throws Exception {
        for (TestService service : List.of(inFolder, inBucket)) {
            awaitRun(service, BATCHES + "/" + send(service, 7).path("batch").asText());
            int before = runs(service);
            String batch = filled(service, 8);
            JsonNode messages = ticket(service, "messages.csv");
            dieInTheMiddle(service);
            if (service == inFolder) {
                Path staged = service.raw().resolve(messages.path("file").asText());
                Files.move(staged, service.raw().resolve("messages.csv"), StandardCopyOption.ATOMIC_MOVE);
            } else {
                complete(messages);
            }
            await().during(Duration.ofMillis(500)).until(() -> runs(service) == before);
            assertProblem(service.send(service.request(batch).DELETE()), 409, "is committed");
            endLease(service);
            assertThat(awaitRun(service, batch).path("rows_counted").asInt()).isEqualTo(8);
            assertThat(service.board()).isEqualTo(board(8));
            assertThat(runs(service)).isEqualTo(before + 1);
        }
    }

    private void complete(JsonNode staged) {
        JsonNode part = staged.path("parts").path(0);
        buckets.client().completeMultipartUpload(request -> request.bucket(bucket)
                .key("in/messages.csv")
                .uploadId(staged.path("upload").asText())
                .multipartUpload(upload -> upload.parts(CompletedPart.builder()
                        .partNumber(1)
                        .eTag(part.path("entityTag").asText())
                        .checksumCRC32(part.path("checksum").textValue())
                        .build())));
    }

    @Test
    void a_batch_of_which_somebody_removed_a_file_fails_in_words_and_holds_nobody_up() throws Exception {
        for (TestService service : List.of(inFolder, inBucket)) {
            awaitRun(service, BATCHES + "/" + send(service, 2).path("batch").asText());
            int before = runs(service);
            String batch = filled(service, 9);
            JsonNode users = ticket(service, "users.csv");
            if (service == inFolder) {
                Files.delete(service.raw().resolve(users.path("file").asText()));
            } else {
                buckets.client().abortMultipartUpload(request -> request.bucket(bucket)
                        .key("in/users.csv")
                        .uploadId(users.path("upload").asText()));
            }
            assertProblem(
                    service.post(batch + "/commit", ""), 409, "The upload of users.csv was removed or changed in");
            assertThat(json(service.get(batch)).path("state").asText()).isEqualTo("failed");
            await().during(Duration.ofMillis(500)).until(() -> runs(service) == before);
            send(service, 10);
            service.awaitBoard(board(10));
        }
    }

    @Test
    void a_batch_that_cannot_be_put_in_place_says_why_and_is_dropped_only_while_nothing_is_in_place() throws Exception {
        TestService service = inFolder;
        awaitRun(service, BATCHES + "/" + send(service, 3).path("batch").asText());
        int before = runs(service);
        Path users = service.raw().resolve("users.csv");
        Files.delete(users);
        Path inTheWay = Files.createDirectories(users.resolve("in the way"));
        String stuck = filled(service, 4);
        assertProblem(service.post(stuck + "/commit", ""), 503, "users.csv");
        JsonNode committing = json(service.get(stuck));
        assertThat(committing.path("state").asText()).isEqualTo("committing");
        assertThat(committing.path("error").asText()).contains("users.csv");
        // The service tries again by itself now and then, and nobody can drop it meanwhile.
        await().untilAsserted(() ->
                assertProblem(service.send(service.request(stuck).DELETE()), 409, "in place already: messages.csv"));
        assertThat(runs(service)).isEqualTo(before);
        Files.delete(inTheWay);
        Files.delete(users);
        assertThat(awaitRun(service, stuck).path("rows_counted").asInt()).isEqualTo(4);
        assertThat(json(service.get(stuck)).path("error").isNull()).isTrue();

        Files.delete(users);
        Files.createDirectories(inTheWay);
        String alone = BATCHES + "/"
                + json(service.post(BATCHES, "{\"files\": [\"users.csv\"]}"))
                        .path("batch")
                        .asText();
        put(service, alone + "/users.csv", users(5));
        assertProblem(service.post(alone + "/commit", ""), 503, "users.csv");
        await().untilAsserted(() -> assertThat(
                        service.send(service.request(alone).DELETE()).statusCode())
                .isEqualTo(200));
        assertThat(json(service.get(alone)).path("state").asText()).isEqualTo("failed");
        Files.delete(inTheWay);
        Files.delete(users);
        send(service, 6);
        service.awaitBoard(board(6));
    }

    @Test
    void too_many_open_batches_are_refused() throws Exception {
        List<String> begun = new ArrayList<>();
        try {
            for (int batch = 0; batch < 20; batch++) {
                begun.add(begin(inFolder));
                put(inFolder, begun.get(batch) + "/users.csv", users(1));
            }
            assertProblem(
                    inFolder.post(BATCHES, "{\"files\": [\"users.csv\"]}"),
                    429,
                    "are open already. Commit or drop one");
        } finally {
            for (String batch : begun) {
                inFolder.send(inFolder.request(batch).DELETE());
            }
        }
    }

    @Test
    void every_run_of_two_services_reads_a_pair_that_was_sent_together() throws Exception {
        try (TestService other = new TestService(folder.resolve("folder"), inFolder.databaseUri(), FAST)) {
            assertOnlyPairs(inFolder, other);
        }
        try (TestService other =
                new TestService(folder.resolve("bucket"), inBucket.databaseUri(), bucketEnvironment())) {
            assertOnlyPairs(inBucket, other);
        }
    }

    private static void assertOnlyPairs(TestService one, TestService other) throws Exception {
        int before = runs(one);
        for (int n = 11; n <= 15; n++) {
            send(n % 2 == 0 ? one : other, n);
        }
        one.awaitBoard(board(15));
        JsonNode runs = json(one.get("/runs?limit=" + (runs(one) - before))).path("runs");
        assertThat(runs).isNotEmpty();
        for (JsonNode run : runs) {
            Map<String, Integer> sizes = new HashMap<>();
            run.path("inputs")
                    .forEach(input -> sizes.put(
                            input.path("path").asText().replaceAll(".*/", ""),
                            input.path("size").asInt()));
            int n = sizes.getOrDefault("users.csv", 0) - users(0).length();
            assertThat(sizes).containsEntry("messages.csv", messages(n).length());
        }
    }
}
