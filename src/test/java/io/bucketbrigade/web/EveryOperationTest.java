package io.bucketbrigade.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.RawCall;
import io.bucketbrigade.support.RawCall.Answer;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every path and every operation of the contract, also for those that are added later. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryOperationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MESSAGES = "message_id,author_id,received_at,content\n1,1,x,y\n";
    private static final List<String> OBSERVED =
            List.of("/observe/health", "/observe/health/live", "/observe/health/ready", "/observe/metrics");

    private final Map<String, Map<String, Object>> arrived = new ConcurrentHashMap<>();
    private TestService service;
    private JsonNode contract;
    private JsonNode paths;
    private String run = "";
    private volatile boolean recording;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        service = new TestService(
                folder,
                Map.of("LEADERBOARD_RAW", folder.resolve("elsewhere/raw").toString()));
        contract = JSON.readTree(service.get("/openapi.json").body());
        paths = contract.path("paths");
        Path result = Files.createDirectories(service.result()).resolve("pipeline_result.csv");
        Files.writeString(result, "user_id,messages,name\n1,5,Ana\n");
        Files.createDirectories(folder.resolve("elsewhere/raw"));
        Files.writeString(folder.resolve("elsewhere/raw/messages.csv"), MESSAGES);
        JsonNode fed = JSON.readTree(
                service.post("/feed", "{\"data_path\": \"" + result + "\"}").body());
        run = fed.path("run_id").asText();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private record Operation(String id, String method, String path, List<JsonNode> parameters) {}

    private List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        paths.properties().forEach(path -> path.getValue()
                .properties()
                .forEach(method -> operations.add(new Operation(
                        method.getValue().path("operationId").asText(),
                        method.getKey().toUpperCase(Locale.ROOT),
                        path.getKey(),
                        Contract.parametersOf(method.getValue(), contract).stream()
                                .filter(parameter ->
                                        !parameter.path("in").asText().equals("header"))
                                .toList()))));
        return operations;
    }

    private String existing(String path) {
        return path.replace("/page/{file}", "/page/app.js")
                .replace("/page/{pipeline}/{file}", "/page/stocks/page.js")
                .replace("{file}", "messages.csv")
                .replace("{id}", run)
                .replace("{pipeline}", "leaderboard")
                .replace("{table}", "agg_shipments")
                .replace("{chart}", "totals")
                .replaceAll("\\{[^}]+}", "some-name");
    }

    private List<String> readable() {
        return Stream.concat(
                        operations().stream()
                                .filter(operation -> operation.method().equals("GET"))
                                .map(operation -> existing(operation.path())),
                        OBSERVED.stream())
                .toList();
    }

    private Answer send(String method, String path, String... headers) throws IOException {
        return RawCall.send(service.port(), method, path, "", headers);
    }

    private static void assertProblem(Answer answer, int status, String words) throws IOException {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
        assertThat(JSON.readTree(answer.body()).path("detail").asText()).contains(words);
    }

    /** A value that the contract allows, with everything in it that an address encodes. */
    private static String valueOf(JsonNode parameter) {
        JsonNode items = Contract.itemsOf(parameter);
        JsonNode schema = items == null ? parameter.path("schema") : items;
        if (schema.has("enum")) {
            JsonNode values = schema.path("enum");
            return values.get(values.size() - 1).asText();
        }
        if (schema.path("type").asText().equals("integer")) {
            return "12";
        }
        if (schema.has("pattern")) {
            return schema.path("example").asText();
        }
        if (parameter.path("in").asText().equals("header")) {
            return "A=B %25;";
        }
        return schema.path("format").asText().equals("date") ? "2005-02-25" : "^A=B C+D%25;é&?#\"'\\.:@,{x}~🙂";
    }

    /** With as many escapes as the value allows: the last letter is one, too. */
    private static String encoded(String value, boolean inPath) {
        String whole = URLEncoder.encode(value, StandardCharsets.UTF_8);
        String safe = inPath ? whole.replace("+", "%20") : whole;
        char last = safe.charAt(safe.length() - 1);
        return value.endsWith(String.valueOf(last))
                ? safe.substring(0, safe.length() - 1) + String.format("%%%02X", (int) last)
                : safe;
    }

    private void recordCalls() throws Exception {
        for (Operation operation : operations()) {
            Route route = service.context().getRoutes().stream()
                    .filter(one -> one.getEndpoint().getEndpointUri().equals("direct://" + operation.id()))
                    .findFirst()
                    .orElseThrow();
            AdviceWith.adviceWith(service.context(), route.getRouteId(), advice -> advice.weaveAddFirst()
                    .process(exchange -> note(operation.id(), exchange)));
        }
    }

    private void note(String operation, Exchange exchange) {
        if (recording) {
            arrived.put(operation, new LinkedHashMap<>(exchange.getMessage().getHeaders()));
            exchange.getMessage().setBody("");
            exchange.setRouteStop(true);
        }
    }

    @Test
    void every_parameter_of_every_operation_arrives_decoded_once() throws Exception {
        recordCalls();
        recording = true;
        for (Operation operation : operations()) {
            String path = operation.path();
            String query = "";
            List<String> decoys = new ArrayList<>();
            for (JsonNode parameter : operation.parameters()) {
                String name = parameter.path("name").asText();
                String in = parameter.path("in").asText();
                if (in.equals("header")) {
                    decoys.add(name + ": " + valueOf(parameter));
                    continue;
                }
                boolean inPath = in.equals("path");
                String value = encoded(valueOf(parameter), inPath);
                path = path.replace("{" + name + "}", value);
                query += inPath ? "" : "&" + name + "=" + value;
                decoys.add(name + ": a header of that name");
            }
            decoys.add("Content-Type: " + (operation.method().equals("PUT") ? "text/csv" : "application/json"));
            Answer answer = RawCall.sendHead(
                    service.port(),
                    operation.method(),
                    path + query.replaceFirst("&", "?"),
                    operation.method().equals("GET") ? "" : "{}",
                    decoys.toArray(String[]::new));
            assertThat(answer.status()).as(operation + answer.body()).isLessThan(300);
            Map<String, Object> values = arrived.getOrDefault(operation.id(), Map.of());
            for (JsonNode parameter : operation.parameters()) {
                assertThat(values.get(parameter.path("name").asText()))
                        .as(operation.id() + " " + parameter)
                        .isEqualTo(valueOf(parameter));
            }
        }
        recording = false;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/stocks/%zz|400|'%zz' is not a percent escape",
                "/stocks/100%|400|'%' is not a percent escape",
                "/%zz|400|'%zz' is not a percent escape",
                "/stocks?x=%zz|400|'%zz' is not a percent escape",
                "/stocks/caf%E9|400|of their UTF-8 bytes",
                "/stocks/%C0%AF|400|of their UTF-8 bytes",
                "/stocks/A%00|400|The parameter company holds %00",
                "/runs?pipeline=a%00|400|The parameter pipeline holds %00",
                "/runs?pipeline=caf%E9|400|of their UTF-8 bytes",
                "/stocks/a%2Fb|404|the parameter company holds an encoded slash"
            })
    void a_value_that_cannot_be_decoded_is_refused_in_words(String path, int status, String words) throws Exception {
        assertProblem(send("GET", path), status, words);
        assertThat(send("HEAD", path).status()).isEqualTo(status);
    }

    @Test
    void a_request_that_is_not_http_is_refused_in_words() throws Exception {
        assertProblem(send("GET", "/" + "x".repeat(10_000)), 400, "can't be understood as HTTP");
        assertProblem(send("GET", "/runs", "Large: " + "x".repeat(10_000)), 400, "can't be understood as HTTP");
    }

    @Test
    void head_is_answered_like_get_without_the_body() throws Exception {
        for (String path : readable()) {
            Answer head = send("HEAD", path);
            Answer get = RawCall.sendHead(service.port(), "GET", path, "");
            assertThat(head.status()).as(path).isEqualTo(get.status());
            assertThat(head.body()).as(path).isEmpty();
            Map<String, String> wanted = new LinkedHashMap<>(get.headers());
            wanted.remove("transfer-encoding");
            if (path.equals("/observe/metrics")) {
                assertThat(head.headers().keySet()).containsAll(wanted.keySet());
            } else {
                assertThat(head.headers()).as(path).isEqualTo(wanted);
            }
        }
        assertThat(send("HEAD", "/openapi.json").headers().get("content-length"))
                .isEqualTo(
                        Integer.toString(send("GET", "/openapi.json").body().getBytes(StandardCharsets.UTF_8).length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/runs/0", "/leaderboard?limit=x", "/feed", "/raw/leaderboard/other.csv"})
    void a_refused_head_has_no_body_either(String path) throws Exception {
        Answer head = send("HEAD", path);
        Answer get = send("GET", path);
        assertThat(head.status()).isEqualTo(get.status()).isBetween(400, 405);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().keySet()).isEqualTo(get.headers().keySet());
    }

    @Test
    void every_answer_says_what_it_is_and_is_safe_and_returns_nothing_of_the_request() throws Exception {
        Set<String> known = Set.of(
                "cache-control",
                "content-disposition",
                "content-length",
                "content-security-policy",
                "content-type",
                "etag",
                "transfer-encoding",
                "x-accel-buffering",
                "x-content-type-options");
        for (String path : readable()) {
            Answer answer = RawCall.sendHead(
                    service.port(),
                    "GET",
                    path + "?secret=yes",
                    "",
                    "X-Secret: yes",
                    "Accept: */*",
                    "Content-Type: text/x");
            assertThat(answer.headers()).as(path).containsEntry("x-content-type-options", "nosniff");
            assertThat(answer.headers().get("content-security-policy")).as(path).startsWith("default-src 'none'");
            assertThat(answer.headers().get("content-type"))
                    .as(path)
                    .isEqualTo(
                            answer.status() == 200 || path.startsWith("/iceberg/")
                                    ? contentType(path)
                                    : "application/problem+json");
            if (!path.startsWith("/observe")) {
                assertThat(known).as(path).containsAll(answer.headers().keySet());
            }
        }
        assertThat(send("GET", "/nothing").headers()).containsEntry("x-content-type-options", "nosniff");
    }

    private static String contentType(String path) {
        return switch (path) {
            case "/" -> "text/html; charset=utf-8";
            case "/page/app.js", "/page/stocks/page.js" -> "text/javascript; charset=utf-8";
            case "/events" -> "text/event-stream";
            case "/observe/metrics" -> "text/plain; version=0.0.4; charset=utf-8";
            default ->
                path.endsWith("/sql")
                        ? "text/plain; charset=utf-8"
                        : path.endsWith("leaderboard.csv") || path.endsWith("rejected.csv")
                                ? "text/csv; charset=utf-8"
                                : "application/json";
        };
    }

    @Test
    void head_knows_versions() throws Exception {
        String tag = send("HEAD", "/leaderboard").headers().get("etag");
        assertThat(tag).isEqualTo(send("GET", "/leaderboard").headers().get("etag"));
        Answer known = send("HEAD", "/leaderboard", "If-None-Match: " + tag);
        assertThat(known.status()).isEqualTo(304);
        assertThat(known.body()).isEmpty();
    }

    @Test
    void after_a_head_the_connection_is_good_for_the_next_request() throws Exception {
        for (String path : readable()) {
            String both = RawCall.exchange(
                    service.port(),
                    "HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\nGET /runs/" + run
                            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(both.split("\r\n\r\n", 2)[1]).as(path).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void options_names_the_methods_of_every_path() throws Exception {
        Map<String, String> expected = new LinkedHashMap<>();
        paths.properties().forEach(path -> {
            List<String> methods = new ArrayList<>(path.getValue().properties().stream()
                    .map(method -> method.getKey().toUpperCase(Locale.ROOT))
                    .toList());
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            methods.add("OPTIONS");
            expected.put(existing(path.getKey()), String.join(", ", methods));
        });
        OBSERVED.forEach(path -> expected.put(path, "GET, HEAD, OPTIONS"));
        for (Map.Entry<String, String> path : expected.entrySet()) {
            Answer options = send("OPTIONS", path.getKey());
            assertThat(options.status()).as(path.getKey()).isEqualTo(204);
            assertThat(options.body()).isEmpty();
            assertThat(options.headers().getOrDefault("allow", "").split(", "))
                    .as(path.getKey())
                    .containsExactlyInAnyOrder(path.getValue().split(", "));
            Answer wrong = send("PATCH", path.getKey());
            assertThat(wrong.status()).isEqualTo(405);
            assertThat(wrong.headers()).containsEntry("allow", options.headers().get("allow"));
        }
        assertProblem(send("OPTIONS", "/nothing"), 404, "There is nothing at /nothing");
        assertProblem(send("OPTIONS", "/observe/nothing"), 404, "There is nothing at /observe/nothing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Range: bytes 0-3/10",
                "If-Match: \"a\"",
                "If-Match: *",
                "If-None-Match: *",
                "If-Unmodified-Since: Mon, 02 Mar 2026 08:00:00 GMT"
            })
    void a_call_that_writes_is_refused_with_a_condition_and_changes_nothing(String header) throws Exception {
        String name = header.substring(0, header.indexOf(':'));
        for (Operation operation : operations()) {
            if (!operation.method().equals("GET")) {
                Answer answer = RawCall.send(
                        service.port(),
                        operation.method(),
                        existing(operation.path()),
                        MESSAGES + "2,2,x,y\n",
                        "Content-Type: " + (operation.method().equals("PUT") ? "text/csv" : "application/json"),
                        header);
                assertProblem(answer, 400, name + " is not supported");
            }
        }
        assertThat(JSON.readTree(send("GET", "/raw/leaderboard/messages.csv").body())
                        .path("rows")
                        .asInt())
                .isEqualTo(1);
    }
}
