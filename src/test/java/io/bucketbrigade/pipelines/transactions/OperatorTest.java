package io.bucketbrigade.pipelines.transactions;

import static io.bucketbrigade.support.ProblemAnswer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What who keeps the stream of sales going does by hand. */
class OperatorTest extends BulkFolder {
    private static final String REJECTED = "/streams/transactions/rejected";

    @BeforeEach
    void forgetRejected() throws Exception {
        service.execute("DELETE FROM brigade.stream_rejected");
    }

    private static String sale(String invoice, String price) {
        return "{\"InvoiceNo\":\"" + invoice
                + "\",\"StockCode\":\"a\",\"Quantity\":1,\"InvoiceDate\":\"2011-05-01\",\"UnitPrice\":" + price + "}";
    }

    private HttpResponse<String> post(String body) throws Exception {
        return service.post("/transactions", body, "Content-Type", "application/json");
    }

    private HttpResponse<String> delete(String path) throws Exception {
        return service.send(service.request(path).DELETE());
    }

    private List<String> rejectedIds() throws Exception {
        return JSON.readTree(service.get(REJECTED).body()).findValuesAsText("id");
    }

    private CommandResult command(String... arguments) {
        return CommandResult.of(
                Map.of(
                        "BRIGADE_DATA", folder.resolve("service").toString(),
                        "BRIGADE_HTTP_PORT", Integer.toString(service.port())),
                arguments);
    }

    @Test
    void rejected_rows_are_dismissed_one_by_one_or_up_to_the_last_that_was_seen() throws Exception {
        post("[" + sale("D1", "\"x\"") + "," + sale("D2", "\"y\"") + "," + sale("D3", "\"z\"") + "]");
        List<String> ids = rejectedIds();
        assertThat(ids).hasSize(3);
        assertThat(delete(REJECTED + "/" + ids.get(2)).statusCode()).isEqualTo(204);
        assertThat(rejectedIds()).containsExactly(ids.get(0), ids.get(1));
        assertProblem(delete(REJECTED + "/" + ids.get(2)), 404, "There is no rejected row " + ids.get(2));
        assertThat(delete(REJECTED + "?until=" + ids.get(1)).body()).isEqualTo("{\"dismissed\":1}");
        assertThat(rejectedIds()).containsExactly(ids.get(0));
        assertProblem(delete(REJECTED + "?before=" + ids.get(0)), 400, "The parameter before is not known here.");
        assertProblem(delete(REJECTED), 400, "The parameter until is missing: The greatest id to forget");
        assertThat(rejectedIds()).containsExactly(ids.get(0));
        assertThat(delete(REJECTED + "?until=" + ids.get(0)).body()).isEqualTo("{\"dismissed\":1}");
        assertThat(rejectedIds()).isEmpty();
        assertProblem(delete("/streams/orders/rejected?until=1"), 404, "There is no stream orders");
        assertProblem(delete("/streams/orders/rejected/1"), 404, "There is no stream orders");
    }

    @Test
    void replay_gives_the_reason_of_each_row_and_a_row_that_cannot_be_tried_keeps_no_other_from_it() throws Exception {
        post("[" + sale("E1", "\"x\"") + "," + sale("E2", "1").replace("\"Quantity\":1", "\"Quantity\":\"many\"")
                + "]");
        service.execute("INSERT INTO brigade.stream_rejected (stream, stage, number, partition, arrived, reason, row)"
                + " VALUES ('transactions', 'gone', 1, 0, now(), 'x', '{}')");
        service.execute("INSERT INTO brigade.stream_rejected (stream, stage, number, reason, row)"
                + " VALUES ('transactions', 'intake', 0, 'x', '" + sale("E3", "5") + "')");
        List<String> ids = rejectedIds();
        CommandResult replay = command("replay", "transactions");
        assertThat(replay.out())
                .isEqualTo(
                        "1 row replayed, 3 still rejected:\n" + "  row "
                                + ids.get(3) + ": UnitPrice is 'x', which is not a number such as 12.50.\n" + "  row "
                                + ids.get(2) + ": Quantity is 'many', which is not a whole number.\n" + "  row "
                                + ids.get(1)
                                + ": No route reads the stream transactions as gone any more, so its rows can't be replayed.\n");
        assertThat(replay.status()).isEqualTo(1);
        assertThat(delete(REJECTED + "?until=" + ids.get(0)).statusCode()).isEqualTo(200);
        replay = command("replay", "transactions");
        assertThat(replay.out()).isEqualTo("0 rows replayed, 0 still rejected.\n");
        assertThat(replay.status()).isZero();
    }

    @Test
    void run_loads_new_files_without_being_told_to_do_so_again() throws Exception {
        put("new.csv", HEADER + lines("RUN", 2));
        CommandResult run = command("run", "transactions");
        assertThat(run.out())
                .startsWith(
                        "The service looks for files of transactions that were not loaded before, and loads them; see http://127.0.0.1:");
        assertThat(run.status()).isZero();
        await().atMost(PATIENCE).until(() -> lines("RUN").equals("2"));
        await().atMost(PATIENCE)
                .until(() -> run(service, "new.csv", 0).path("state").asText().equals("succeeded"));
        CommandResult again = command("run", "transactions");
        assertThat(again.err()).contains("Nothing is to be run: there is nothing called *.csv or *.csv.gz or");
        assertThat(again.status()).isEqualTo(1);
    }

    @Test
    void plan_and_doctor_say_which_files_would_be_loaded_and_which_are_passed_over(@TempDir Path own) throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of("BRIGADE_DATA", own.toString()));
        assertThat(CommandResult.of(environment, "plan", "transactions").out())
                .contains(
                        "  There is no file called *.csv or *.csv.gz or *.CSV or *.CSV.GZ\n",
                        "A run starts when there is one.\nNothing was written.");
        Path bulk = Files.createDirectories(own.resolve("transactions/bulk"));
        Files.writeString(bulk.resolve("good.csv"), HEADER + lines("P", 2));
        Files.write(bulk.resolve("packed.csv.gz"), gzip((HEADER + lines("P", 2)).getBytes(WINDOWS)));
        Files.writeString(bulk.resolve("prices.xlsx"), "x");
        Files.writeString(bulk.resolve("sales.csv.part"), "half");
        CommandResult plan = CommandResult.of(environment, "plan", "transactions");
        assertThat(plan.out())
                .contains(
                        "transactions: " + bulk + "\n  good.csv: ",
                        "  packed.csv.gz: ",
                        "  prices.xlsx is ignored, because only files called *.csv or *.csv.gz or *.CSV or *.CSV.GZ are read\n",
                        "Each file is a run of its own, unless its content was loaded before. How many rows it has is not known"
                                + " before it is read.\nNothing was written.")
                .doesNotContain("sales.csv.part", "optional");
        assertThat(plan.status()).isZero();
        Files.writeString(bulk.resolve("bad.csv"), "InvoiceNo,Price\n1,2\n");
        Files.writeString(bulk.resolve("worse.csv"), "");
        plan = CommandResult.of(environment, "plan", "transactions");
        assertThat(plan.out())
                .contains("A run would fail: bad.csv, line 1, column Price: ", "A run would fail: worse.csv is empty.");
        assertThat(plan.status()).isEqualTo(1);
        environment.put("BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()));
        environment.put("BRIGADE_DATABASE_URL", TestDatabase.newUri());
        assertThat(CommandResult.of(environment, "doctor").out())
                .contains("TRANSACTIONS_BULK: prices.xlsx is ignored, because only files called *.csv or");
    }

    @Test
    void a_sale_is_refused_in_words_while_its_route_is_stopped_or_missing() throws Exception {
        CamelContext context = service.context();
        String route = "transactions-web-take";
        context.getRouteController().stopRoute(route);
        try {
            assertProblem(post(sale("X1", "1")), 503, "Send the request again");
            assertThat(context.removeRoute(route)).isTrue();
            HttpResponse<String> missing = post(sale("X1", "1"));
            assertProblem(missing, 503, "Send the request again");
            assertThat(missing.headers().firstValue("Retry-After")).isPresent();
        } finally {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(PluginHelper.getResourceLoader(context)
                            .resolveResource("file:"
                                    + TestService.HOME.resolve("routes/transactions/" + route + ".camel.yaml")));
        }
        assertThat(post(sale("X1", "1")).body()).contains("\"accepted\":1");
    }

    @Test
    void the_position_of_a_reader_that_only_another_process_has_is_kept(@TempDir Path own) throws Exception {
        Map<String, String> same = Map.of(
                "TRANSACTIONS_ARCHIVE",
                folder.resolve("service/transactions/raw").toString(),
                "TRANSACTIONS_BULK_SCHEDULE",
                "0 0 29 2 *");
        try (TestService second = new TestService(own, service.databaseUri(), same)) {
            second.context().addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("stream:transactions?reader=elsewhere")
                            .routeId("elsewhere")
                            .log("read");
                }
            });
            post(sale("K1", "1"));
            String behind =
                    "SELECT count(*) FROM brigade.stream_readers r JOIN brigade.stream_partitions p USING (stream, partition)"
                            + " WHERE r.reader = 'elsewhere' AND r.position = p.position AND p.position > 0";
            await().atMost(PATIENCE).until(() -> !service.ask(behind).equals("0"));
            assertProblem(delete("/streams/transactions/readers/elsewhere"), 409, "is in use");
            assertThat(service.get("/observe/health").body()).doesNotContain("elsewhere");
            assertThat(service.ask(behind)).isNotEqualTo("0");
        } finally {
            service.execute("DELETE FROM brigade.stream_readers WHERE reader = 'elsewhere'");
        }
    }

    @Test
    void rejected_rows_that_wait_for_a_lock_for_longer_than_a_lease_are_kept_and_the_run_succeeds() throws Exception {
        try (Connection other = service.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE brigade.stream_rejected IN SHARE MODE");
            put("waits.csv", HEADER + lines("WAIT", 20) + "WAIT,a,,many,12/1/2010 8:26,2.5,,France\n");
            ask(service);
            String waits =
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
            await().atMost(PATIENCE).until(() -> service.ask(waits).equals("1"));
            // A lease is 15 s.
            await().during(Duration.ofSeconds(17))
                    .atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> service.ask(waits).equals("1"));
            other.rollback();
        }
        JsonNode run = await().atMost(PATIENCE).until(() -> run(service, "waits.csv", 0), found -> found.path("id")
                .isNumber());
        assertThat(counts(run)).isEqualTo("succeeded 21 = 20 + 1");
        assertThat(service.get(REJECTED).body()).contains("Quantity is 'many'");
    }
}
