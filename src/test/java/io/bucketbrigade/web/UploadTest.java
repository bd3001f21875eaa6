package io.bucketbrigade.web;

import static io.bucketbrigade.support.ProblemAnswer.detail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UploadTest {
    private static final String MESSAGES = "message_id,author_id,received_at,content\n";
    private static final String USERS = "user_id,first_name,last_name\n1,Ana,Lima\n";
    private static final String PLACE = "/raw/leaderboard/";

    private TestService service;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        service = new TestService(folder, Map.of());
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @BeforeEach
    void removeFiles() throws IOException {
        for (String file : filesIn(service.raw())) {
            Files.delete(service.raw().resolve(file));
        }
    }

    private static HttpResponse<String> put(TestService service, String file, String text, String... headers)
            throws Exception {
        return service.send(service.request(PLACE + file, headers).PUT(BodyPublishers.ofString(text)));
    }

    /** Without its length being announced. */
    private static HttpResponse<String> putArriving(TestService service, String file, String text) throws Exception {
        return service.send(service.request(PLACE + file, "Content-Type", "text/csv")
                .PUT(BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))));
    }

    private List<String> filesIn(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void a_marker_may_be_sent_though_it_is_empty_and_starts_the_run() throws Exception {
        assertThat(service.send(service.request("/raw/stocks/.SUCCESS").PUT(BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
        // A marker needs no time to settle, so the timer may find it before the upload is announced.
        await().untilAsserted(() ->
                assertThat(service.latestRun("stocks").path("trigger").asText()).isIn("upload", "timer"));
        assertThat(detail(service.send(service.request("/raw/stocks/.DONE").PUT(BodyPublishers.noBody()))))
                .startsWith(".DONE is not an input of stocks. ");
    }

    @Test
    void both_files_arrive_whole_and_the_board_follows() throws Exception {
        String messages = MESSAGES + "1,1,2026-03-02T08:00:00Z,hello\n".repeat(200_000);
        HttpResponse<String> users = put(service, "users.csv", USERS, "Content-Type", "text/csv; charset=utf-8");
        assertThat(users.statusCode()).isEqualTo(200);
        assertThat(users.body())
                .isEqualTo("{\"file\":\"users.csv\",\"place\":\"" + service.raw() + "/users.csv\",\"bytes\":"
                        + USERS.length() + "}");
        assertThat(putArriving(service, "messages.csv", messages).statusCode()).isEqualTo(200);
        assertThat(service.raw().resolve("messages.csv")).hasContent(messages);
        service.awaitBoard("{\"user_id\":1,\"messages\":200000,\"name\":\"Ana Lima\"}");
        assertThat(filesIn(service.raw())).containsExactly("messages.csv", "users.csv");
    }

    @Test
    void a_form_with_one_file_is_taken_and_one_without_is_not() throws Exception {
        String form = "--cut\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nfor you\r\n--cut\r\n"
                + "Content-Disposition: form-data; name=\"file\"; filename=\"any name.csv\"\r\nContent-Type: text/csv\r\n\r\n"
                + USERS + "\r\n--cut--\r\n";
        String type = "multipart/form-data; boundary=cut";
        assertThat(put(service, "users.csv", form, "Content-Type", type).statusCode())
                .isEqualTo(200);
        assertThat(service.raw().resolve("users.csv")).hasContent(USERS);
        String empty = "--cut\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nfor you\r\n--cut--\r\n";
        HttpResponse<String> answer = put(service, "users.csv", empty, "Content-Type", type);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(detail(answer)).contains("The form holds no file");
    }

    @Test
    void a_form_with_two_files_is_refused_and_the_old_file_stays() throws Exception {
        String part = "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"users.csv\"\r\n\r\n";
        String form = part + USERS + "2,Bo,Ek\n".repeat(200_000) + "\r\n" + part + USERS + "3,Cy,Roy\n\r\n--cut--\r\n";
        put(service, "users.csv", USERS);
        HttpResponse<String> answer =
                put(service, "users.csv", form, "Content-Type", "multipart/form-data; boundary=cut");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(detail(answer))
                .isEqualTo(
                        "The form holds more than one file, and a PUT accepts one. Send each file with a PUT of its own, or,"
                                + " to make them one change, as a batch (POST …/batches).");
        assertThat(filesIn(service.raw())).containsExactly("users.csv");
        assertThat(service.raw().resolve("users.csv")).hasContent(USERS);
    }

    @Test
    void a_field_of_a_form_in_which_no_file_was_chosen_is_no_file() throws Exception {
        String part = "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n%s\r\n";
        String form =
                part.formatted("", "") + part.formatted("users.csv", USERS) + part.formatted("", "") + "--cut--\r\n";
        HttpResponse<String> answer =
                put(service, "users.csv", form, "Content-Type", "multipart/form-data; boundary=cut");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(service.raw().resolve("users.csv")).hasContent(USERS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            messages.csv | application/json | {"a": 1} | 415 | send text/csv or multipart/form-data
            messages.csv | text/csv | user_id,first_name,last_name | 422 | column message_id: this column is missing
            messages.csv | text/csv | '' | 422 | the file is empty
            letters.csv | text/csv | a,b | 404 | letters.csv is not an input of leaderboard. Use messages.csv or users.csv.
            ..%2Fusers.csv | text/csv | a,b | 404 | the parameter file holds an encoded slash
            """)
    void what_cannot_be_taken_is_said_and_the_old_file_stays(
            String file, String type, String body, int status, String words) throws Exception {
        put(service, "messages.csv", MESSAGES + "1,1,x,a\n");
        HttpResponse<String> answer = put(service, file, body, "Content-Type", type);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(detail(answer)).contains(words);
        assertThat(filesIn(service.raw())).containsExactly("messages.csv");
        assertThat(service.raw().resolve("messages.csv")).hasContent(MESSAGES + "1,1,x,a\n");
    }

    @Test
    void a_file_beyond_the_bound_is_413_announced_or_not(@TempDir Path folder) throws Exception {
        try (TestService own = new TestService(folder, Map.of("BRIGADE_UPLOAD_MAX", "2000000"))) {
            put(own, "messages.csv", MESSAGES + "1,1,x,a\n");
            String long3 = MESSAGES + "1,1,x,a\n".repeat(400_000);
            for (HttpResponse<String> answer :
                    List.of(put(own, "messages.csv", long3), putArriving(own, "messages.csv", long3))) {
                assertThat(answer.statusCode()).isEqualTo(413);
                assertThat(detail(answer)).contains("larger than 2000000 bytes", "BRIGADE_UPLOAD_MAX");
            }
            assertThat(own.raw().resolve("messages.csv")).hasContent(MESSAGES + "1,1,x,a\n");
            assertThat(filesIn(own.raw())).containsExactly("messages.csv");
        }
    }

    @Test
    void with_a_key_only_who_brings_it_may_upload_or_read_raw_files(@TempDir Path folder) throws Exception {
        try (TestService own = new TestService(folder, Map.of("BRIGADE_API_KEY", "secret"))) {
            assertThat(put(own, "users.csv", USERS).statusCode()).isEqualTo(403);
            assertThat(put(own, "users.csv", USERS, "Authorization", "Bearer secret")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(own.get(PLACE + "users.csv").statusCode()).isEqualTo(403);
            assertThat(own.get(PLACE + "users.csv", "Authorization", "Bearer secret")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(put(own, "users.csv", USERS, "Authorization", "Bearer secret", "Origin", "http://evil.example")
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    /** Sends the head and some of the body, and is gone. */
    private static void breakOff(TestService service, String body) throws IOException {
        URI address = service.request(PLACE + "messages.csv").GET().build().uri();
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("PUT " + address.getPath() + " HTTP/1.1\r\nHost: " + address.getAuthority()
                            + "\r\nContent-Type: text/csv\r\nContent-Length: 100000000\r\n\r\n" + body)
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    @Test
    void an_upload_that_breaks_off_leaves_the_old_file_and_nothing_beside_it() throws Exception {
        put(service, "messages.csv", MESSAGES + "1,1,x,a\n");
        breakOff(service, MESSAGES + "1,1,x,b\n".repeat(500_000));
        await().untilAsserted(() -> assertThat(filesIn(service.raw())).containsExactly("messages.csv"));
        assertThat(service.raw().resolve("messages.csv")).hasContent(MESSAGES + "1,1,x,a\n");
    }

    @Test
    void into_a_bucket_it_goes_in_parts_and_one_that_breaks_off_leaves_the_old_object(@TempDir Path folder)
            throws Exception {
        TestBuckets buckets = TestBuckets.s3Proxy();
        String raw = buckets.newBucket();
        Map<String, String> environment = new HashMap<>(buckets.environment());
        environment.put("LEADERBOARD_RAW", "s3://" + raw + "/in");
        String messages = MESSAGES + "1,1,2026-03-02T08:00:00Z,hello\n".repeat(700_000);
        try (TestService own = new TestService(folder, environment)) {
            assertThat(put(own, "users.csv", USERS).body()).contains("\"place\":\"s3://" + raw + "/in/users.csv\"");
            assertThat(putArriving(own, "messages.csv", messages).statusCode()).isEqualTo(200);
            assertThat(buckets.get(raw, "in/messages.csv").asUtf8String()).isEqualTo(messages);
            own.awaitBoard("\"messages\":700000,");

            breakOff(own, messages);
            await().untilAsserted(() -> assertThat(buckets.client()
                            .listMultipartUploads(request -> request.bucket(raw))
                            .uploads())
                    .isEmpty());
            assertThat(buckets.get(raw, "in/messages.csv").response().contentLength())
                    .isEqualTo(messages.length());
        }
    }
}
