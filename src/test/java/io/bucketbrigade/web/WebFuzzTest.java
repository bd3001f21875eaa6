package io.bucketbrigade.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any bytes at all, sent to the running service: never a fault of ours, always words. In a build the seeds are tried; a hunt:
 * {@code JAZZER_FUZZ=1 ./mvnw test -Dtest=WebFuzzTest#results_to_feed}
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebFuzzTest {
    private static final List<String> PATHS = List.of(
            "/leaderboard?limit=",
            "/leaderboard?offset=",
            "/leaderboard/moves?offset=",
            "/runs?pipeline=",
            "/runs?state=",
            "/runs?limit=",
            "/runs?before=",
            "/raw/leaderboard/users.csv?offset=",
            "/raw/leaderboard/users.csv?search=");

    private TestService service;
    private Path fed = Path.of("");

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        service = new TestService(folder, Map.of());
        fed = Files.createDirectories(service.result()).resolve("fed.csv");
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private static void assertInWords(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400, 403, 404, 413, 415, 422);
        if (answer.statusCode() != 200) {
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(new ObjectMapper().readTree(answer.body()).path("detail").asText())
                    .isNotBlank();
        }
    }

    private HttpResponse<String> send(String path, String method, byte[] body) throws Exception {
        return service.send(service.request(path, "Content-Type", "application/json")
                .method(method, BodyPublishers.ofByteArray(body)));
    }

    @FuzzTest(maxDuration = "2m")
    void bodies_of_feed(byte[] body) throws Exception {
        assertInWords(send("/feed", "POST", body));
    }

    @FuzzTest(maxDuration = "2m")
    void results_to_feed(byte[] text) throws Exception {
        Files.write(fed, text);
        assertInWords(send("/feed", "POST", ("{\"data_path\": \"" + fed + "\"}").getBytes(StandardCharsets.UTF_8)));
    }

    @FuzzTest(maxDuration = "2m")
    void uploads(byte[] text) throws Exception {
        assertInWords(send("/raw/leaderboard/users.csv", "PUT", text));
        assertInWords(service.get("/raw/leaderboard/users.csv"));
    }

    @FuzzTest(maxDuration = "2m")
    void parameters(byte[] bytes) throws Exception {
        String value = URLEncoder.encode(new String(bytes, StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        for (String path : PATHS) {
            assertInWords(service.get(path + value.substring(0, Math.min(2000, value.length()))));
        }
    }
}
