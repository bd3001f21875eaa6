package io.bucketbrigade.cli;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.microsoft.playwright.Page;
import io.bucketbrigade.checking.ReservedNames;
import io.bucketbrigade.support.ProblemAnswer;
import io.bucketbrigade.support.TestBrowser;
import io.bucketbrigade.support.TestService;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A pipeline in somebody else's folder gets all that ours have, without a line changed elsewhere. */
@Tag("slow")
class NewPipelineTest {
    private static final Logger PROGRAM = (Logger) LoggerFactory.getLogger("io.bucketbrigade");
    private static final String NEXT_DAY = "station,day,level\nBrest,2026-06-03,7.00\n";

    @TempDir
    private Path folder = Path.of("");

    private Map<String, String> environment = Map.of();
    private Path pipeline = Path.of("");

    @BeforeEach
    void writePipeline() {
        Path routes = folder.resolve("my pipelines");
        environment = Map.of(
                "BRIGADE_ROUTES",
                routes.toString(),
                "BRIGADE_DATA",
                folder.resolve("data").toString());
        CommandResult written = CommandResult.of(environment, "new", "tides");
        assertThat(written.err()).isEmpty();
        assertThat(written.status()).isZero();
        assertThat(written.out()).contains("The pipeline tides is in " + routes.resolve("tides"));
        pipeline = routes.resolve("tides");
    }

    @Test
    void a_name_that_the_program_or_postgresql_uses_is_refused() {
        assertRefused("is the name of a call, a tab", "events", "plan", "upload", "camel", "web-runs");
        assertRefused("The schema of the pipeline would be called", "select", "current-date", "pg-x");
        assertRefused("is not a valid pipeline name", "A", "-", "tides_1");
        assertThat(CommandResult.of(environment, "new", "Meters").status()).isEqualTo(2);
        assertThat(CommandResult.of(environment, "new", "tides").status()).isEqualTo(1);
    }

    @Test
    void samples_that_would_test_nothing_are_named_and_none_is_run() throws Exception {
        Path settings = pipeline.resolve("samples/rows-that-are-rejected/settings.properties");
        Files.writeString(
                settings,
                "# TIDES_MAX_REJECTD\nTIDES_MAX_REJECTD=90%\ntides.max.rejected=90%\nTIDES_RAW=C:\\users\nTIDES_RESULT=out\n");
        Files.delete(pipeline.resolve("samples/two-days-of-one-station/totals.expected.csv"));
        Files.createDirectories(pipeline.resolve("samples/empty"));
        for (String other : List.of("notes/README.md", ".cache/readings.csv", "cases/one/readings.csv")) {
            Path file = pipeline.resolve("samples").resolve(other);
            Files.createDirectories(file.resolveSibling("."));
            Files.writeString(file, "");
        }
        String expected =
                " has no NAME.expected.csv and no error.expected.txt, so nothing would be compared. Add one, or remove the"
                        + " folder.\n";
        Path unread = Files.writeString(pipeline.resolve("x.yaml"), "- from: {}");
        ListAppender<ILoggingEvent> logged = logged();
        CommandResult refused = CommandResult.of(environment, "test", "tides");
        PROGRAM.detachAppender(logged);
        awaitLogged(logged, unread + ": warning: it is not read; did you mean x.camel.yaml?");
        assertThat(refused.err())
                .isEqualTo(settings + ", line 2: TIDES_MAX_REJECTD is not a setting; did you mean TIDES_MAX_REJECTED?\n"
                        + settings + ", line 3: tides.max.rejected is not read; write it as TIDES_MAX_REJECTED.\n"
                        + settings
                        + ", line 4: TIDES_RAW has a backslash that would be lost. Double each backslash that"
                        + " you want to keep.\n"
                        + pipeline.resolve("samples/cases") + expected
                        + pipeline.resolve("samples/two-days-of-one-station") + expected);
        assertThat(refused.status()).isEqualTo(1);
    }

    private void assertRefused(String why, String... names) {
        for (String name : names) {
            CommandResult refused = CommandResult.of(environment, "new", "--", name);
            assertThat(refused.err()).as(name).contains(why);
            assertThat(pipeline.resolveSibling(name)).doesNotExist();
        }
    }

    @Test
    void its_samples_its_plan_and_its_folders_are_known_to_the_commands() throws Exception {
        CommandResult samples = CommandResult.of(environment, "test", "tides");
        assertThat(samples.out()).isEqualTo("3 samples: all as expected.\n");
        assertThat(samples.status()).isZero();

        Path totals = pipeline.resolve("samples/totals.expected.csv");
        Files.writeString(totals, Files.readString(totals).replace("12.00", "13.00"));
        CommandResult wrong = CommandResult.of(environment, "test", "tides");
        assertThat(wrong.out())
                .contains(
                        "FAILED tides\n       totals, line 2: expected 2026-06-02,Brest,2,13.00, but was 2026-06-02,Brest,2,12.00\n",
                        "3 samples: 1 not as expected.");
        assertThat(wrong.status()).isEqualTo(1);

        Path raw = Files.createDirectories(folder.resolve("data/tides/raw"));
        Files.copy(pipeline.resolve("samples/readings.csv"), raw.resolve("readings.csv"));
        Path broken = Files.createDirectories(pipeline.resolveSibling("shoals")).resolve("pipeline.yaml");
        Files.writeString(broken, "title: Shoals\ntask: [");
        assertThat(CommandResult.of(environment, "plan", "tides").out())
                .contains(
                        "    line 2: ",
                        "A run would read 1 file: 5 rows",
                        "readings.csv: 5 rows, 5 accepted, 0 rejected",
                        "A run would succeed.");
        assertThat(CommandResult.of(environment, "plan").err()).startsWith(broken.toString());
        String sample = TestService.HOME + "/samples/leaderboard/";
        CommandResult aggregate = CommandResult.of(
                environment, "aggregate", sample + "messages.csv", sample + "users.csv", folder + "/ranking.csv");
        assertThat(aggregate.err()).isEmpty();
        Files.delete(broken);
        assertThat(CommandResult.of(environment, "doctor").out())
                .contains("ok       TIDES_RAW", "ok       TIDES_RESULT");
    }

    @Test
    void it_has_table_history_call_contract_upload_mail_and_figures() throws Exception {
        int port = TestService.freePort();
        GreenMail mails = new GreenMail(new ServerSetup(port, "127.0.0.1", "smtp"));
        mails.start();
        Map<String, String> variables = new HashMap<>(environment);
        variables.putAll(Map.of(
                "BRIGADE_MAIL_TO", "desk@example.org",
                "BRIGADE_MAIL_FROM", "brigade@example.org",
                "BRIGADE_MAIL_HOST", "127.0.0.1",
                "BRIGADE_MAIL_PORT", Integer.toString(port)));
        try (TestService service = new TestService(folder, variables)) {
            String words =
                    service.ask("SELECT string_agg(word, ' ') FROM pg_get_keywords() WHERE catcode IN ('R', 'T')");
            assertThat(NewCommand.RESERVED_WORDS).contains(words.split(" ", -1));
            assertThat(service.get("/pipelines").body()).contains("\"name\":\"tides\"", "\"title\":\"Tides\"");
            assertThat(new ObjectMapper()
                            .readTree(service.get("/openapi.json").body())
                            .at("/paths/~1tides/get/operationId")
                            .asText())
                    .isEqualTo("getTidesTotals");

            assertThat(upload(service, Files.readString(pipeline.resolve("samples/readings.csv"))))
                    .isEqualTo(200);
            awaitTotals(
                    service,
                    "{\"as_of\" : \"2026-06-02\"",
                    "\"station\" : \"Brest\", \"readings\" : 2, \"total\" : 12.00");
            assertThat(upload(service, "station,level\nBrest,1\n"))
                    .as("a column is missing")
                    .isEqualTo(422);
            assertThat(upload(service, NEXT_DAY)).isEqualTo(200);
            awaitTotals(service, "{\"as_of\" : \"2026-06-03\"");
            assertThat(service.latestRun("tides").path("trigger").asText()).isEqualTo("upload");
            assertThat(
                            service.ask(
                                    "SELECT string_agg(as_of || ' ' || station, ', ' ORDER BY as_of, station) FROM tides.totals"))
                    .isEqualTo("2026-06-02 Brest, 2026-06-02 Cuxhaven, 2026-06-02 Esbjerg, 2026-06-03 Brest");
            assertThat(folder.resolve("tides/result/totals.csv")).content().contains("2026-06-03,Brest,1,7.00");

            assertThat(service.get("/observe/metrics").body())
                    .contains("brigade_runs_total{pipeline=\"tides\",state=\"succeeded\"} 2.0");
            await().atMost(Duration.ofSeconds(30)).until(() -> mails.getReceivedMessages().length >= 2);
            assertThat(String.valueOf(mails.getReceivedMessages()[0].getContent()))
                    .contains("tides (sum), run 1");
        } finally {
            mails.stop();
        }
    }

    private static int upload(TestService service, String text) throws Exception {
        return service.send(service.request("/raw/tides/readings.csv", "Content-Type", "text/csv")
                        .PUT(BodyPublishers.ofString(text)))
                .statusCode();
    }

    private static void awaitTotals(TestService service, String... parts) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(service.get("/tides").body()).contains(parts));
    }

    @Test
    void it_has_a_tab_and_is_offered_for_upload() throws Exception {
        try (TestBrowser browser = TestBrowser.start();
                TestService service = new TestService(folder, environment)) {
            Page page = browser.open(service.address("/#tides"));
            assertThat(page.locator("header nav a")).hasText(new String[] {
                "Leaderboard",
                "Stocks",
                "Orders",
                "Transactions",
                "City requests",
                "Tides",
                "Upload",
                "Datamart",
                "Runs"
            });
            assertThat(ReservedNames.of(TestService.HOME.resolve("routes"))).contains("upload", "datamart", "runs");
            assertThat(page.getByText("No totals yet")).isVisible();
            upload(service, Files.readString(pipeline.resolve("samples/readings.csv")));
            assertThat(page.locator("#view-tides .as-of")).hasText("Totals as of 2026-06-02");
            assertThat(page.locator("#view-tides tbody tr"))
                    .hasText(new String[] {"Brest212", "Cuxhaven26.95", "Esbjerg11.8"});
            TestBrowser.photograph(page, "tides");
            page.navigate(service.address("/#upload/tides"));
            assertThat(page.locator("#view-upload select")).hasValue("tides");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void changed_sql_and_routes_take_effect_without_a_restart_and_broken_ones_leave_the_old() throws Exception {
        Path route = pipeline.resolve("tides.camel.yaml");
        String whole = Files.readString(route);
        Path sql = pipeline.resolve("web-totals.sql");
        try (TestService service = new TestService(folder, environment)) {
            service.reloadChanges();
            upload(service, Files.readString(pipeline.resolve("samples/readings.csv")));
            awaitTotals(service, "{\"as_of\" : \"2026-06-02\"");

            Files.writeString(sql, Files.readString(sql).replace("'as_of'", "'day'") + "-- ' is in a comment\n");
            awaitTotals(service, "{\"day\" : \"2026-06-02\"");

            String readable = Files.readString(sql);
            Files.writeString(sql, readable.replace("'day'", "'latest'").replaceFirst("FROM", "FRM"));
            Path calls = pipeline.resolve("tides-web-totals.camel.yaml");
            String answering = Files.readString(calls);
            Files.writeString(calls, answering.replace("getTidesTotals", "getTidesTotal"));
            await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                            service.get("/tides").body())
                    .contains("{\"day\" : \"2026-06-02\""));
            Files.writeString(calls, answering);
            Files.writeString(sql, readable);

            Files.writeString(route, whole.replace("ref: publication", "ref: publicatoin"));
            Files.writeString(sql, Files.readString(sql).replace("'day'", "'latest'"));
            awaitTotals(service, "{\"latest\" : \"2026-06-02\"");
            upload(service, NEXT_DAY);
            awaitTotals(service, "{\"latest\" : \"2026-06-03\"");

            Files.writeString(route, whole.replace("'totals.csv'", "'sums.csv'"));
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                again(service);
                assertThat(folder.resolve("tides/result/sums.csv")).exists();
            });
        }
    }

    private static HttpResponse<String> again(TestService service) throws Exception {
        return service.post("/pipelines/tides/again", "{\"why\": \"x\"}", "Content-Type", "application/json");
    }

    private static ListAppender<ILoggingEvent> logged() {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        PROGRAM.addAppender(logged);
        return logged;
    }

    private static void awaitLogged(ListAppender<ILoggingEvent> logged, String begin) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(List.copyOf(logged.list))
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(message -> message.startsWith(begin)));
    }

    private static void awaitError(TestService service, String begin, String part) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            again(service);
            assertThat(service.latestRun("tides").path("error").asText())
                    .startsWith(begin)
                    .contains(part);
        });
    }

    @Test
    void what_fails_while_it_runs_is_said_with_file_line_and_step_and_the_old_result_stays() throws Exception {
        Path route = pipeline.resolve("tides.camel.yaml");
        String whole = Files.readString(route);
        Path call = pipeline.resolve("web-totals.sql");
        Path sums = pipeline.resolve("totals.sql");
        ListAppender<ILoggingEvent> logged = logged();
        try (TestService service = new TestService(folder, environment)) {
            service.reloadChanges();
            upload(service, NEXT_DAY);
            awaitTotals(service, "{\"as_of\" : \"2026-06-03\"");

            Files.writeString(
                    call, Files.readString(call).replace("'total', total", "'total', total / (readings - 1)"));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(service.get("/tides").statusCode()).isEqualTo(500));
            assertThat(ProblemAnswer.detail(service.get("/tides")))
                    .isEqualTo(call + ": division by zero. Correct the SQL, or the tables that it uses.");

            String summing = Files.readString(sums);
            Files.writeString(sums, summing.replace("GROUP BY", "WHERE sum(level) > 1 GROUP BY"));
            awaitError(service, sums + ", line 7: ", "aggregate functions are not allowed in WHERE. Correct the SQL, ");
            Files.writeString(sums, summing);
            Files.writeString(route, whole.replace("prepare(${variable.work}", "prepare(${variable.plan}"));
            awaitError(
                    service,
                    route + ", line 22: the step bean[ref:exports method:prepare(${variable.plan}, ",
                    " of the route tides failed. It has no variable plan; there are: work.");
            Files.writeString(route, whole.replace("FROM tides.totals", "FROM tides.totls"));
            awaitError(
                    service,
                    route + ", line 22: the step bean[ref:exports method:prepare(${variable.work}, ",
                    "relation \"tides.totls\" does not exist");
            assertThat(folder.resolve("tides/result/totals.csv")).content().contains("2026-06-03,Brest,1,7.00");

            Files.writeString(call, "SELECT :#${variable.wrk}");
            awaitLogged(
                    logged,
                    call + ", line 1: warning: no step was found that sets the variable wrk; did you mean work?");
            awaitLogged(logged, pipeline.resolve("tides-web-totals.camel.yaml") + " is in effect");
            Path definition = pipeline.resolve("pipeline.yaml");
            String defined = Files.readString(definition);
            Files.writeString(definition, defined.replaceFirst("title:", "titel:"));
            awaitLogged(
                    logged,
                    definition
                            + ", line 2: the key titel is unknown; did you mean title? It would stop the next start.");
            Files.writeString(definition, defined + "# the same\n");
            awaitLogged(logged, definition + " has changed. Restart the service to apply it");
            Path misnamed = pipeline.resolve("openapi.yml");
            Files.writeString(misnamed, "paths: {}\n");
            awaitLogged(logged, misnamed + ": warning: it is not read, but openapi.yaml is; remove one of them.");
            Files.writeString(
                    pipeline.resolve("samples/rows-that-are-rejected/settings.properties"), "TIDES_RESULT=out\n");
            Files.writeString(definition, defined.replaceFirst("task:", "tsk:"));
            awaitLogged(
                    logged,
                    definition + ", line 5: the key tsk is unknown; did you mean task? It would stop the next start.");
            Path operations = pipeline.resolve("openapi.yaml");
            Files.writeString(operations, Files.readString(operations).replace("getTidesTotals", "getSums"));
            awaitLogged(logged, operations + ", line 3: the operation getSums has no route. ");
            Path answer = pipeline.resolve("tides-web-totals.camel.yaml");
            Files.writeString(answer, Files.readString(answer).replace("getTidesTotals", "getSums"));
            awaitLogged(
                    logged,
                    answer + ": the operation getTidesTotals would have no route until openapi.yaml is read again;"
                            + " restart the service to apply both. The old route stays in use.");
            Path ownSettings = pipeline.resolve("tides.properties");
            Files.writeString(ownSettings, Files.readString(ownSettings) + "# the same\n");
            awaitLogged(logged, ownSettings + " has changed. Restart the service to apply it");
            Files.writeString(definition, defined.replaceFirst("order:", "ordr:"));
            awaitLogged(
                    logged,
                    definition
                            + ", line 4: the key ordr is unknown; did you mean order? It would stop the next start, unless"
                            + " a changed setting corrects it.");
            Files.writeString(definition, defined);

            Files.writeString(route, whole.replace("claim:tides", "claim:orders"));
            awaitLogged(
                    logged,
                    route + ": the route tides can't be started: another route starts from claim:orders already.");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(again(service).statusCode()).isEqualTo(202));
            service.context().createProducerTemplate().sendBody("claim:orders", "test");
            awaitLogged(logged, definition + ", line 8: warning: no route begins at claim:tides, so nothing happens");

            Files.writeString(route, whole.replace("claim:tides", "direct:tides-unused"));
            String refusal =
                    "No route starts from claim:tides, so nothing runs the inputs of tides. Write such a route in "
                            + pipeline + ".";
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(again(service).statusCode()).isEqualTo(409));
            assertThat(ProblemAnswer.detail(again(service))).isEqualTo(refusal);
            assertThat(CommandResult.of(environment, "plan", "tides").err()).isEqualTo(refusal + "\n");
        } finally {
            PROGRAM.detachAppender(logged);
        }
        assertThat(logged.list)
                .as("no stack trace for a fault of the pipeline")
                .allMatch(event -> event.getThrowableProxy() == null);
    }
}
