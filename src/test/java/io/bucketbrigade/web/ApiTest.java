package io.bucketbrigade.web;

import static io.bucketbrigade.support.ProblemAnswer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.TestService;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Path folder;
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

    private HttpResponse<String> feed(String name, String text) throws Exception {
        Path file = Files.writeString(service.result().resolve(name), text);
        return service.post("/feed", "{\"data_path\": \"" + file + "\"}", "Content-Type", "application/json");
    }

    @Test
    void feed_answers_rows_and_run_and_the_board_follows() throws Exception {
        HttpResponse<String> fed = feed("a.csv", "user_id,messages,name\n2,5,Bo\n1,5,Ana\n10,7,\"Cy, Jr.\"\n");
        assertThat(fed.statusCode()).isEqualTo(200);
        JsonNode answer = JSON.readTree(fed.body());
        assertThat(answer.path("rows").asInt()).isEqualTo(3);
        assertThat(JSON.readTree(service.get("/runs/" + answer.path("run_id").asLong())
                                .body())
                        .path("state")
                        .asText())
                .isEqualTo("succeeded");
        assertThat(service.board())
                .isEqualTo(
                        "{\"leaderboard\": [{\"user_id\":10,\"messages\":7,\"name\":\"Cy, Jr.\"},"
                                + " {\"user_id\":1,\"messages\":5,\"name\":\"Ana\"}, {\"user_id\":2,\"messages\":5,\"name\":\"Bo\"}]}");
    }

    @Test
    void user_ids_are_numbers_only_where_they_print_back_the_same() throws Exception {
        feed(
                "ids.csv",
                "user_id,messages,name\n007,5,a\n9007199254740992,4,b\n9007199254740993,3,c\nx,2,d\n-3,1,e\n0,0,f\n");
        JsonNode board = JSON.readTree(service.board()).path("leaderboard");
        assertThat(board.findValues("user_id").stream().map(JsonNode::toString))
                .containsExactly("\"007\"", "9007199254740992", "\"9007199254740993\"", "\"x\"", "-3", "0");
    }

    @Test
    void rejected_rows_of_a_run_that_is_not_there_are_missing() throws Exception {
        assertProblem(service.get("/runs/999999/rejected.csv"), 404, "There is no run 999999");
    }

    @Test
    void what_is_called_null_is_only_called_so() throws Exception {
        assertProblem(service.get("/page/null"), 404, "/page/null");
        assertProblem(
                service.get("/runs/null"),
                404,
                "There is nothing at /runs/null. The parameter id is 'null'; it must be a whole number from 1 to 999999999");
        assertProblem(
                service.get("/raw/leaderboard/null"),
                404,
                "null is not an input of leaderboard. Use messages.csv or users.csv.");
        assertProblem(service.post("/feed", "{\"data_path\": \"null\"}"), 403, "null");
    }

    @Test
    void limit_and_offset_cut_a_page_out() throws Exception {
        feed("page.csv", "user_id,messages,name\n1,5,\n2,4,\n3,3,\n4,2,\n");
        assertThat(ids("/leaderboard?limit=2")).isEqualTo("[1, 2]");
        assertThat(ids("/leaderboard?limit=2&offset=1")).isEqualTo("[2, 3]");
        assertThat(ids("/leaderboard?offset=3")).isEqualTo("[4]");
        assertThat(ids("/leaderboard?offset=99")).isEqualTo("[]");
        assertThat(ids("/leaderboard?limit=0")).isEqualTo("[]");
    }

    private String ids(String path) throws Exception {
        JsonNode board = JSON.readTree(service.get(path).body()).path("leaderboard");
        return board.findValues("user_id").toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/leaderboard", "/leaderboard?limit=2", "/leaderboard?limit=2&offset=1", "/leaderboard?offset=9"
            })
    void answers_from_memory_are_those_of_the_route(String path) throws Exception {
        feed("memory.csv", "user_id,messages,name\n1,10,Ana\n2,20,Bo\nc,30,\"Ci, \"\"C\"\"\"\n");
        HttpResponse<String> byRoute = service.get(path);
        HttpResponse<String> fromMemory = service.get(path);
        assertThat(fromMemory.body()).isEqualTo(byRoute.body());
        for (String header : List.of("ETag", "Cache-Control", "Content-Type")) {
            assertThat(fromMemory.headers().allValues(header))
                    .isEqualTo(byRoute.headers().allValues(header));
        }
        String tag = byRoute.headers().firstValue("ETag").orElseThrow();
        assertThat(service.get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(service.get(path, "If-None-Match", "\"0\"").statusCode()).isEqualTo(200);
    }

    @Test
    void who_fed_a_result_sees_it_at_once() throws Exception {
        for (int messages = 1; messages <= 20; messages++) {
            feed("at-once.csv", "user_id,messages,name\n1," + messages + ",Ana\n");
            assertThat(service.get("/leaderboard").body()).contains("\"messages\":" + messages + ",");
        }
    }

    @Test
    void an_empty_result_gives_an_empty_board() throws Exception {
        feed("empty.csv", "user_id,messages,name\n");
        assertThat(service.board()).isEqualTo("{\"leaderboard\": []}");
    }

    @Test
    void who_has_the_version_gets_304_until_there_is_a_new_one() throws Exception {
        feed("tag.csv", "user_id,messages,name\n1,5,\n");
        String tag = service.get("/leaderboard").headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> same = service.get("/leaderboard", "If-None-Match", "\"other\", W/" + tag);
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        feed("tag.csv", "user_id,messages,name\n1,6,\n");
        assertThat(service.get("/leaderboard", "If-None-Match", tag).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=-1", "limit=x", "limit=", "offset=1.5", "limit=99999999999", "limit=1&limit=2"})
    void a_parameter_that_is_no_number_is_the_callers_mistake(String query) throws Exception {
        assertProblem(service.get("/leaderboard?" + query), 400, "parameter");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nope",
                "//leaderboard",
                "/leaderboard/",
                "/leaderboard;x",
                "/./leaderboard",
                "/pom.xml",
                "/runs/1/2",
                "/observe/nope",
                "/observe/"
            })
    void an_unknown_path_is_404_and_says_what_there_is(String path) throws Exception {
        assertProblem(
                service.get(path), 404, "There is nothing at " + path + ". There is: /", "/openapi.json describes");
    }

    @Test
    void an_unknown_path_names_those_that_begin_like_it_only() throws Exception {
        assertThat(service.get("/transaction/invoices/5").body())
                .contains("/transactions/invoices/{invoice}")
                .doesNotContain("/leaderboard", "/runs");
    }

    @Test
    void a_wrong_method_is_405_and_names_the_right_one() throws Exception {
        HttpResponse<String> answer = service.send(service.request("/feed").GET());
        assertProblem(answer, 405, "use POST");
        assertThat(answer.headers().firstValue("Allow")).hasValue("POST, OPTIONS");
        assertProblem(service.send(service.request("/leaderboard").DELETE()), 405, "use GET.");
        assertProblem(service.send(service.request("/observe/health").DELETE()), 405, "use GET");
        assertProblem(service.post("/leaderboard", "", "X-HTTP-Method-Override", "GET"), 405, "use GET");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not json|The body is not JSON",
                "{\"data_path\": |The body is not JSON",
                "{\"data_path\": \"a\"} trailing|The body is not JSON",
                "{}|The body is missing the field data_path",
                "[]|The body is missing the field data_path",
                "null|The body is missing the field data_path",
                "{\"data_path\": 5}|The field data_path of the body must be a text",
                "{\"data_path\": \" \"}|The field data_path of the body must be a text",
                "{\"data_path\": \"a\\u0000b\"}|is not a valid file name here",
                "``|The body is missing the field data_path"
            })
    void a_body_that_is_not_what_it_should_be_is_400_and_says_so(String body, String words) throws Exception {
        assertProblem(service.post("/feed", body, "Content-Type", "application/json"), 400, words);
        assertProblem(service.post("/feed", body, "Content-Type", "application/x-www-form-urlencoded"), 400, words);
    }

    @Test
    void a_body_of_another_type_is_415() throws Exception {
        assertProblem(service.post("/feed", "a,b", "Content-Type", "text/csv"), 415, "text/csv", "application/json");
    }

    @Test
    void a_body_beyond_the_bound_is_413_announced_or_not() throws Exception {
        String large = "x".repeat(1_100_000);
        assertProblem(service.post("/feed", large, "Content-Type", "application/json"), 413, "1048576 bytes");
        byte[] bytes = large.getBytes(StandardCharsets.UTF_8);
        assertProblem(
                service.send(service.request("/feed", "Content-Type", "application/json")
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))),
                413,
                "1048576 bytes");
    }

    @Test
    void files_outside_the_roots_cannot_be_named() throws Exception {
        Path outside = Files.writeString(folder.resolve("outside.csv"), "user_id,messages,name\n1,1,\n");
        Path link = Files.createSymbolicLink(service.result().resolve("link.csv"), outside);
        for (String path : new String[] {
            outside.toString(), link.toString(), service.result() + "/../../../outside.csv", "/etc/passwd"
        }) {
            assertProblem(
                    service.post("/feed", "{\"data_path\": \"" + path + "\"}"),
                    403,
                    "outside",
                    "LEADERBOARD_FEED_ROOTS");
        }
    }

    @Test
    void a_missing_file_is_404() throws Exception {
        assertProblem(
                service.post("/feed", "{\"data_path\": \"" + service.result() + "/nope.csv\"}"),
                404,
                "nope.csv does not exist");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user_id,messages,name\\n1,x,Ana|bad.csv, line 2, column messages: 'x' is not a whole number.",
                "user_id,messages,name\\n1,1,Ana\\n1,2,Bo|bad.csv, line 3, column user_id: 1 is in an earlier row already.",
                "user_id,messages,name\\n ,1,Ana|bad.csv, line 2, column user_id: this field is blank.",
                "user_id,messages,name\\n1,1|bad.csv, line 2: 2 fields where the header has 3.",
                "user_id,messages,name\\n1,1,\"Ana|bad.csv, line 2: a quote is opened and never closed.",
                "a,b\\n1,2|bad.csv, line 1, column user_id: this column is missing; the header has: a, b.",
                "'\\n'|bad.csv: the file is empty. It needs a header with the names of its columns."
            })
    void a_file_that_is_no_result_is_422_with_its_place_and_the_board_stays(String text, String words)
            throws Exception {
        feed("good.csv", "user_id,messages,name\n1,5,Ana\n");
        String before = service.board();
        assertProblem(feed("bad.csv", text.replace("\\n", "\n")), 422, words);
        assertThat(service.board()).isEqualTo(before);
    }

    @Test
    void runs_tell_what_became_of_the_rows_and_why_one_failed() throws Exception {
        feed("bad.csv", "nonsense");
        JsonNode run =
                JSON.readTree(service.get("/runs?limit=1").body()).path("runs").path(0);
        assertThat(run.path("state").asText()).isEqualTo("failed");
        assertThat(run.path("error").asText()).startsWith("bad.csv, line 1, column user_id");
        assertThat(run.path("inputs").path(0).path("size").asInt()).isEqualTo(8);
        assertThat(run.path("trigger").asText()).isEqualTo("REST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999", "abc", "-1", "99999999999999999999"})
    void an_unknown_run_is_404(String id) throws Exception {
        String reason = id.equals("999999")
                ? "There is no run 999999"
                : "There is nothing at /runs/" + id + ". The parameter id is '" + id + "'; it must be a whole number";
        assertProblem(service.get("/runs/" + id), 404, reason);
    }

    @Test
    void health_and_figures_are_on_the_same_port() throws Exception {
        feed("figures.csv", "user_id,messages,name\n1,5,Ana\n");
        assertThat(service.get("/observe/health").body()).contains("\"UP\"");
        await().untilAsserted(() -> assertThat(service.get("/observe/metrics").body())
                .contains("brigade_runs_total{pipeline=\"leaderboard\",state=\"succeeded\"}")
                .contains("brigade_rows_total{outcome=\"accepted\",pipeline=\"leaderboard\"}")
                .contains("brigade_run_duration_seconds_sum")
                .contains("brigade_last_success_timestamp_seconds{pipeline=\"leaderboard\"}"));
    }

    @Test
    void page_and_contract_are_served_and_nothing_else_of_the_program() throws Exception {
        assertThat(service.get("/").body()).contains("<title>Bucket Brigade");
        String app = service.get("/page/app.js").body();
        for (String script : app.lines()
                .filter(line -> line.startsWith("import"))
                .map(line -> line.replaceAll(".*\\./|\".*", ""))
                .toList()) {
            assertThat(service.get("/page/" + script).headers().firstValue("Content-Type"))
                    .hasValue("text/javascript; charset=utf-8");
        }
        assertThat(service.get("/page/page.css").headers().firstValue("Content-Type"))
                .hasValue("text/css; charset=utf-8");
        assertThat(service.get("/page/stocks/page.js").headers().firstValue("Content-Type"))
                .hasValue("text/javascript; charset=utf-8");
        assertThat(service.get("/page/stocks/page.css").body()).contains("#chart");
        for (String file : List.of(
                "stocks/pipeline.yaml", "stocks/other.js", "stocks/..%2Fpage.js", "nothing/page.js", "stocks/null")) {
            assertThat(service.get("/page/" + file).statusCode()).as(file).isEqualTo(404);
        }
        assertProblem(service.get("/page/index.html"), 404);
        assertProblem(service.get("/page/..%2Fapplication.properties"), 404);
        assertThat(JSON.readTree(service.get("/openapi.json").body())
                        .path("openapi")
                        .asText())
                .startsWith("3.");
        assertProblem(service.get("/application.properties"), 404);
    }

    @Test
    void the_pipelines_are_listed_in_their_order_with_what_they_have() throws Exception {
        JsonNode all = JSON.readTree(service.get("/pipelines").body()).path("pipelines");
        assertThat(all.findValuesAsText("name")).startsWith("leaderboard", "stocks", "orders");
        assertThat(all.get(0).path("title").asText()).isEqualTo("Leaderboard");
        assertThat(all.findValuesAsText("tab")).startsWith("true", "true", "true");
        assertThat(all.findValuesAsText("files")).startsWith("true", "false", "true");
    }

    @Test
    void a_page_of_another_origin_cannot_write() throws Exception {
        assertProblem(service.post("/feed", "{}", "Origin", "https://elsewhere.example"), 403, "another origin");
    }

    @Test
    void the_board_as_a_file_has_no_formulas() throws Exception {
        feed(
                "formulas.csv",
                "user_id,messages,name\n1,9,=cmd()|calc\n-2,8,+49 30 1\n=3,7,@SUM(1)\n4,6,\"O'Neill, \"\"Dina\"\"\"\n5,5,\n");
        HttpResponse<String> file = service.get("/leaderboard.csv");
        assertThat(file.headers().firstValue("Content-Type")).hasValue("text/csv; charset=utf-8");
        assertThat(file.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"leaderboard.csv\"");
        assertThat(file.body())
                .isEqualTo("rank,user_id,name,messages\n1,1,'=cmd()|calc,9\n2,-2,'+49 30 1,8\n3,'=3,'@SUM(1),7\n"
                        + "4,4,\"O'Neill, \"\"Dina\"\"\",6\n5,5,,5\n");
    }

    @Test
    void runs_are_chosen_by_pipeline_state_and_number() throws Exception {
        long good = JSON.readTree(
                        feed("good.csv", "user_id,messages,name\n1,5,\n").body())
                .path("run_id")
                .asLong();
        feed("none.csv", "nonsense\n");
        long next = JSON.readTree(
                        feed("good.csv", "user_id,messages,name\n1,6,\n").body())
                .path("run_id")
                .asLong();
        assertThat(numbers("/runs?state=succeeded&limit=2")).containsExactly(next, good);
        assertThat(numbers("/runs?state=failed")).doesNotContain(good, next).contains(next - 1);
        assertThat(numbers("/runs?pipeline=leaderboard&before=" + next))
                .startsWith(next - 1, good)
                .doesNotContain(next);
        assertThat(numbers("/runs?pipeline=stocks")).isEmpty();
        assertProblem(
                service.get("/runs?state=lost"), 400, "The parameter state is 'lost'; it must be one of running, ");
    }

    private List<Long> numbers(String path) throws Exception {
        return JSON.readTree(service.get(path).body()).path("runs").findValues("id").stream()
                .map(JsonNode::asLong)
                .toList();
    }
}
