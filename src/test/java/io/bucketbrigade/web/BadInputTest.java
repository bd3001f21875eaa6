package io.bucketbrigade.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.TestService;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What nobody should send: it is refused in words, and never reported as a fault of ours. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
    private static final long SEED = Long.getLong("bad.seed", System.nanoTime());
    private static final int TRIES = Integer.getInteger("bad.tries", 150);
    private static final List<String> PIECES = List.of(
            "\"",
            "\"\"",
            ",",
            "\n",
            "\r",
            "\r\n",
            "\0",
            "\uFEFF",
            "é",
            "\uD83D\uDE00",
            "=cmd()",
            "-",
            "9".repeat(40),
            "1e9",
            "null",
            "{",
            "}",
            "[",
            "]",
            ":",
            "\\",
            "\\u0000",
            "%00",
            "../",
            "x".repeat(5000),
            "\u202e",
            "''",
            "$1",
            "{{x}}",
            "${body}",
            "s3_bucket",
            "data_path");

    private final Random random = new Random(SEED);
    private Path folder = Path.of("");
    private TestService service;

    @BeforeAll
    void start(@TempDir Path own) throws Exception {
        folder = own;
        service = new TestService(folder, Map.of());
        Files.createDirectories(service.result());
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private byte[] spoilt(String text) {
        StringBuilder spoilt = new StringBuilder(text);
        int changes = 1 + random.nextInt(6);
        for (int change = 0; change < changes; change++) {
            int at = random.nextInt(spoilt.length() + 1);
            int end = Math.min(spoilt.length(), at + random.nextInt(4));
            spoilt.replace(at, end, random.nextInt(4) == 0 ? "" : PIECES.get(random.nextInt(PIECES.size())));
        }
        byte[] bytes = spoilt.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static void assertInWords(HttpResponse<String> answer, String as) throws Exception {
        assertThat(answer.statusCode()).as(as + " " + answer.body()).isIn(200, 400, 403, 404, 413, 415, 422);
        if (answer.statusCode() != 200) {
            assertThat(answer.headers().firstValue("Content-Type")).as(as).hasValue("application/problem+json");
            assertThat(new ObjectMapper().readTree(answer.body()).path("detail").asText())
                    .as(as)
                    .isNotBlank();
        }
    }

    @Test
    void bodies_that_are_not_what_they_should_be() throws Exception {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            boolean bucket = random.nextBoolean();
            byte[] body = spoilt(bucket ? "{\"s3_bucket\": \"b\"}" : "{\"data_path\": \"x.csv\"}");
            if (new String(body, StandardCharsets.UTF_8).contains("\"s3_bucket\": \"b\"}")) {
                continue;
            }
            assertInWords(
                    service.send(service.request(bucket ? "/feed/s3" : "/feed", "Content-Type", "application/json")
                            .POST(BodyPublishers.ofByteArray(body))),
                    "seed " + SEED + ": " + new String(body, StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void results_to_feed_that_are_none() throws Exception {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            byte[] text = spoilt("user_id,messages,name\n1,5,Ana\n2,4,\"Bo, Jr.\"\n3,3,\n");
            Path file = Files.write(service.result().resolve("fed.csv"), text);
            assertInWords(
                    service.post("/feed", "{\"data_path\": \"" + file + "\"}", "Content-Type", "application/json"),
                    "seed " + SEED + ": " + new String(text, StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void uploads_that_are_no_csv() throws Exception {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            boolean users = random.nextBoolean();
            byte[] text = spoilt(
                    users
                            ? "user_id,first_name,last_name\n1,Ana,Lima\n"
                            : "message_id,author_id,received_at,content\n1,1,x,\"a\nb\"\n");
            assertInWords(
                    service.send(service.request("/raw/leaderboard/" + (users ? "users.csv" : "messages.csv"))
                            .PUT(BodyPublishers.ofByteArray(text))),
                    "seed " + SEED + ": " + new String(text, StandardCharsets.ISO_8859_1));
        }
        for (String path : List.of("/raw/leaderboard/messages.csv", "/raw/leaderboard/users.csv")) {
            assertInWords(service.get(path), path);
        }
    }

    @Test
    void parameters_that_are_nonsense() throws Exception {
        List<String> paths = List.of(
                "/leaderboard?limit=",
                "/leaderboard?offset=",
                "/leaderboard/moves?limit=",
                "/runs?pipeline=",
                "/runs?state=",
                "/runs?limit=",
                "/runs?before=",
                "/raw/leaderboard/users.csv?offset=",
                "/runs/",
                "/page/",
                "/raw/leaderboard/",
                "/nothing?x=");
        for (int attempt = 0; attempt < TRIES; attempt++) {
            String value =
                    URLEncoder.encode(new String(spoilt("12"), StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            String cut = value.substring(0, Math.min(2000, value.length())).replaceFirst("%.?$", "");
            String path = paths.get(random.nextInt(paths.size())) + cut;
            assertInWords(service.get(path), "seed " + SEED + ": " + path);
        }
    }
}
