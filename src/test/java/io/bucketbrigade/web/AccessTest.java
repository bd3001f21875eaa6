package io.bucketbrigade.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class AccessTest {
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");

    @TempDir
    private Path folder = Path.of("");

    /** An operation of the contract with a path that fits it. */
    private record Call(String method, String path, String access) {}

    private static List<Call> contract() throws IOException {
        List<Call> calls = new ArrayList<>();
        TestService.contractPaths().properties().forEach(path -> path.getValue()
                .properties()
                .forEach(operation -> calls.add(new Call(
                        operation.getKey().toUpperCase(java.util.Locale.ROOT),
                        path.getKey()
                                .replace("{file}", "messages.csv")
                                .replace("{id}", "1")
                                .replace("{pipeline}", "leaderboard"),
                        operation.getValue().path("x-access").asText()))));
        return calls;
    }

    /** The status of a request that is sent as it is written here; clients fix addresses, attackers don't. */
    private static int status(TestService service, String method, String path, String... headers) throws IOException {
        return statusFor("localhost", service, method, path, headers);
    }

    private static int statusFor(String host, TestService service, String method, String path, String... headers)
            throws IOException {
        int port = java.net.URI.create(service.address("/")).getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            String body = method.equals("GET") || method.equals("HEAD") ? "" : "Content-Length: 2\r\n";
            socket.getOutputStream()
                    .write((method + " " + path + " HTTP/1.1\r\nHost: " + host + ":" + port
                                    + "\r\nConnection: close\r\n" + body + more + "\r\n" + (body.isEmpty() ? "" : "{}"))
                            .getBytes(StandardCharsets.US_ASCII));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return Integer.parseInt(String.valueOf(line).split(" ", -1)[1]);
        }
    }

    /** Other ways to write a path, which some servers take for the same. */
    private static Set<String> tricks(String path) {
        Set<String> tricks = new LinkedHashSet<>(List.of(
                path,
                "/" + path,
                "/." + path,
                "/x/.." + path,
                "/page/.." + path,
                "/%2e" + path,
                "/page/%2e%2e" + path,
                path + "/",
                path + "/.",
                path + "//",
                path + ";x=1",
                path + "%20",
                path + "%00",
                path + "?",
                path + "#x",
                path + "%3f",
                path.replace("/", "%2f"),
                path.replace("/", "\\"),
                path.replace("/", "//"),
                path.toUpperCase(java.util.Locale.ROOT),
                "http://localhost" + path));
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (!last.isEmpty()) {
            String encoded = String.format("%%%02x", (int) last.charAt(0)) + last.substring(1);
            tricks.add(path.substring(0, path.length() - last.length()) + encoded);
        }
        return tricks;
    }

    @Test
    void no_way_of_writing_an_address_or_a_method_leads_past_the_key() throws Exception {
        Map<String, String> closed = Map.of("BRIGADE_API_KEY", "s3cret", "BRIGADE_READ_KEY", "r3ad");
        try (TestService service = new TestService(folder, closed)) {
            service.drop("users.csv", "user_id,first_name,last_name\n1,Ana,Lima\n");
            service.drop("messages.csv", "message_id,author_id,received_at,content\n1,1,x,y\n");
            Set<String> open =
                    new LinkedHashSet<>(List.of("/observe/health", "/observe/health/live", "/observe/health/ready"));
            contract().stream()
                    .filter(call -> call.access().equals("open"))
                    .map(Call::path)
                    .forEach(open::add);
            for (Call call : contract()) {
                if (call.access().equals("open")) {
                    continue;
                }
                for (String trick : tricks(call.path())) {
                    for (String method : METHODS) {
                        int status = status(service, method, trick);
                        assertThat(status)
                                .as(method + " " + trick)
                                .isIn(400, 403, 404, 405, 501, method.equals("OPTIONS") ? 204 : 403);
                    }
                    assertThat(status(service, "GET", trick, "X-HTTP-Method-Override: " + call.method()))
                            .as("overriding the method at " + trick)
                            .isIn(400, 403, 404, 405);
                }
                assertThat(status(service, call.method(), call.path()))
                        .as(call.toString())
                        .isEqualTo(403);
                assertThat(status(service, call.method(), call.path(), "Authorization: Bearer r3ad"))
                        .as(call + " with the key for reading")
                        .satisfies(status -> assertThat(status == 403)
                                .isEqualTo(call.access().equals("write")));
                assertThat(status(service, call.method(), call.path(), "Authorization: Bearer s3cret"))
                        .as(call + " with the key")
                        .isNotEqualTo(403);
            }
            for (String path : open) {
                String existing = path.replace("/page/leaderboard/messages.csv", "/page/leaderboard/page.js")
                        .replace("/page/messages.csv", "/page/app.js");
                assertThat(status(service, "GET", existing)).as(path).isEqualTo(200);
            }
            assertThat(status(service, "GET", "/observe/metrics")).isEqualTo(403);
        }
    }

    /** Its address is this machine's by the time it calls (DNS rebinding), so that the browser takes the service for its own. */
    @Test
    void without_a_key_a_page_of_another_host_can_neither_write_nor_read() throws Exception {
        try (TestService service = new TestService(folder, Map.of())) {
            for (String host :
                    List.of("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.0.2.1")) {
                int port = java.net.URI.create(service.address("/")).getPort();
                assertThat(statusFor(host, service, "POST", "/feed", "Origin: http://" + host + ":" + port))
                        .as(host)
                        .isEqualTo(403);
                assertThat(statusFor(host, service, "GET", "/leaderboard"))
                        .as(host)
                        .isEqualTo(403);
            }
            for (String host :
                    List.of("localhost", "LocalHost", "brigade.localhost", "127.0.0.1", "127.1.2.3", "[::1]")) {
                assertThat(statusFor(host, service, "POST", "/feed")).as(host).isEqualTo(400);
                assertThat(statusFor(host, service, "GET", "/leaderboard"))
                        .as(host)
                        .isEqualTo(200);
            }
        }
        try (TestService service = new TestService(folder, Map.of("BRIGADE_API_KEY", "s3cret"))) {
            assertThat(statusFor("page.example", service, "GET", "/leaderboard"))
                    .as("with a key, reading is for everybody")
                    .isEqualTo(200);
        }
    }

    @Test
    void open_to_other_machines_without_a_key_calls_that_write_are_refused() throws Exception {
        try (TestService service = new TestService(folder, Map.of("BRIGADE_HTTP_HOST", "0.0.0.0"))) {
            assertThat(service.post("/feed", "{}").statusCode()).isEqualTo(403);
            assertThat(service.post("/feed", "{}").body()).contains("BRIGADE_API_KEY");
            assertThat(service.get("/leaderboard").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void any_key_of_the_file_is_good() throws Exception {
        Path keys = Files.writeString(folder.resolve("keys"), "# who has them\n\nfirst\n  second \n");
        try (TestService service = new TestService(folder, Map.of("BRIGADE_API_KEYS", keys.toString()))) {
            assertThat(feed(service, "first")).isEqualTo(400);
            assertThat(feed(service, "second")).isEqualTo(400);
            assertThat(feed(service, "# who has them")).isEqualTo(403);
        }
    }

    @Test
    void who_sends_wrong_keys_again_and_again_is_not_listened_to_for_a_while() throws Exception {
        try (TestService service = new TestService(folder, Map.of("BRIGADE_API_KEY", "s3cret"))) {
            for (int attempt = 0; attempt < 10; attempt++) {
                assertThat(feed(service, "guess" + attempt)).isEqualTo(403);
            }
            assertThat(feed(service, "s3cret")).isEqualTo(429);
            assertThat(service.get("/leaderboard").statusCode()).as("reading").isEqualTo(200);
        }
    }

    @Test
    void a_key_for_reading_is_not_a_wrong_key_where_it_is_not_enough() throws Exception {
        Map<String, String> keys = Map.of("BRIGADE_API_KEY", "s3cret", "BRIGADE_READ_KEY", "r3ad");
        try (TestService service = new TestService(folder, keys)) {
            for (int attempt = 0; attempt < 12; attempt++) {
                assertThat(feed(service, "r3ad")).isEqualTo(403);
            }
            assertThat(feed(service, "s3cret")).isEqualTo(400);
        }
    }

    private static int feed(TestService service, String key) throws Exception {
        return service.post("/feed", "{}", "Authorization", "Bearer " + key).statusCode();
    }

    @Test
    void keys_that_make_no_sense_are_refused_at_the_start() {
        assertThatThrownBy(() -> new TestService(folder, Map.of("BRIGADE_READ_KEY", "r3ad")).close())
                .isInstanceOf(Problem.class)
                .hasMessageContaining("Set BRIGADE_API_KEY");
        assertThatThrownBy(() -> new TestService(folder, Map.of("BRIGADE_API_KEYS", folder + "/none")).close())
                .isInstanceOf(Problem.class)
                .hasMessageContaining("can't be read");
    }
}
