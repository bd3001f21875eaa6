package io.bucketbrigade.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.support.TestLineage;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an OpenLineage endpoint gets from a real service. */
@Tag("slow")
class OpenLineageTest {
    private static final String USERS = "user_id,first_name,last_name\n1,Ana,Lima\n";
    private static final String MESSAGES = "message_id,author_id,received_at,content\n1,1,x,y\n2,1,x,z\n";
    private static final String RANK = "leaderboard.rank";
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path folder = Path.of("");

    /** What OpenLineage's specification requires of any event; its JSON schema is in no library. */
    private static void assertValid(List<JsonNode> events) {
        assertThat(events).isNotEmpty().allSatisfy(event -> {
            assertThat(OffsetDateTime.parse(event.path("eventTime").asText())).isNotNull();
            assertThat(UUID.fromString(event.at("/run/runId").asText())).isNotNull();
            assertThat(event.path("eventType").asText()).isIn("START", "COMPLETE", "FAIL", "ABORT");
            assertThat(URI.create(event.path("producer").asText()).isAbsolute()).isTrue();
            assertThat(event.path("schemaURL").asText()).startsWith("https://openlineage.io/spec/");
            assertThat(event.at("/job/namespace").asText()).isNotEmpty();
            assertThat(event.at("/job/name").asText()).isNotEmpty();
            Stream.of("inputs", "outputs")
                    .flatMap(datasets ->
                            StreamSupport.stream(event.path(datasets).spliterator(), false))
                    .forEach(dataset -> {
                        assertThat(dataset.path("namespace").asText()).isNotEmpty();
                        assertThat(dataset.path("name").asText()).isNotEmpty();
                    });
            event.findValues("facets").forEach(OpenLineageTest::assertFacets);
            event.findValues("inputFacets").forEach(OpenLineageTest::assertFacets);
            event.findValues("outputFacets").forEach(OpenLineageTest::assertFacets);
        });
    }

    private static void assertFacets(JsonNode facets) {
        assertThat(facets).allSatisfy(facet -> {
            assertThat(URI.create(facet.path("_producer").asText()).isAbsolute())
                    .isTrue();
            assertThat(facet.path("_schemaURL").asText()).startsWith("https://openlineage.io/spec/");
        });
    }

    private static List<String> columns(JsonNode dataset) {
        return StreamSupport.stream(dataset.at("/facets/schema/fields").spliterator(), false)
                .map(field -> field.path("name").asText())
                .toList();
    }

    private void copy(String sample, String to, String... names) throws IOException {
        Path target = Files.createDirectories(folder.resolve(to));
        for (String name : names) {
            Path samples = TestService.HOME.resolve("samples").resolve(sample);
            Path from = samples.resolve(name);
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path copy = target.resolve(samples.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
    }

    @Test
    void a_run_has_a_start_and_an_end_with_what_it_read_and_wrote() throws Exception {
        try (TestLineage endpoint = new TestLineage(0)) {
            Map<String, String> environment = endpoint.environment();
            environment.put("OPENLINEAGE_API_KEY", "s3cret");
            environment.put("OPENLINEAGE_NAMESPACE", "shop");
            try (TestService service = new TestService(folder, environment)) {
                service.drop("users.csv", USERS);
                service.drop("messages.csv", MESSAGES);
                await().atMost(SOON).until(() -> endpoint.types(RANK).size() == 2);
                assertThat(endpoint.types(RANK)).containsExactly("START", "COMPLETE");
                assertValid(endpoint.events());
                assertThat(endpoint.keys()).containsOnly("Bearer s3cret");
                JsonNode start = endpoint.event(RANK, "START");
                JsonNode complete = endpoint.event(RANK, "COMPLETE");
                assertThat(start.at("/run/runId")).isEqualTo(complete.at("/run/runId"));
                assertThat(complete.at("/job/namespace").asText()).isEqualTo("shop");
                assertThat(complete.at("/job/facets/jobType/processingType").asText())
                        .isEqualTo("BATCH");
                assertThat(complete.at("/run/facets/bucketBrigade_run/rowsRead").asLong())
                        .isEqualTo(2);
                assertThat(TestLineage.names(start, "inputs")).isEqualTo(TestLineage.names(complete, "inputs"));
                JsonNode messages = TestLineage.dataset(complete, "inputs", "/messages.csv");
                assertThat(messages.path("namespace").asText()).isEqualTo("file");
                assertThat(messages.path("name").asText())
                        .isEqualTo(service.raw().resolve("messages.csv").toString());
                assertThat(columns(messages)).containsExactly("message_id", "author_id", "received_at", "content");
                assertThat(messages.at("/inputFacets/inputStatistics/size").asLong())
                        .isEqualTo(MESSAGES.length());
                assertThat(TestLineage.names(complete, "outputs"))
                        .contains(
                                service.result().resolve("pipeline_result.csv").toString());
                JsonNode table = TestLineage.dataset(complete, "outputs", ".leaderboard");
                assertThat(table.path("namespace").asText()).startsWith("postgres://");
                assertThat(columns(table)).contains("user_id", "messages", "name");
                assertThat(table.at("/outputFacets/outputStatistics/rowCount").asLong())
                        .isEqualTo(1);
                assertThat(start.toString() + complete).doesNotContain("brigade.runs", "s3cret");
            }
        }
    }

    @Test
    void a_failed_run_says_why_in_words() throws Exception {
        try (TestLineage endpoint = new TestLineage(0);
                TestService service = new TestService(folder, endpoint.environment())) {
            service.drop("users.csv", USERS);
            service.drop("messages.csv", "no,such,columns\n1,2,3\n");
            await().atMost(SOON).until(() -> endpoint.types(RANK).size() == 2);
            assertThat(endpoint.types(RANK)).containsExactly("START", "FAIL");
            JsonNode fail = endpoint.event(RANK, "FAIL");
            assertThat(fail.at("/run/facets/errorMessage/message").asText())
                    .isEqualTo(service.ask("SELECT error FROM brigade.runs WHERE run_id = 1"));
            assertThat(fail.toString()).doesNotContain("stackTrace", "Exception");
            assertThat(TestLineage.names(fail, "outputs")).isEmpty();
            assertValid(endpoint.events());
        }
    }

    @Test
    void a_run_whose_process_died_is_aborted() throws Exception {
        try (TestLineage endpoint = new TestLineage(0);
                TestService service = new TestService(folder, endpoint.environment())) {
            service.execute(
                    "INSERT INTO brigade.runs (pipeline, task, trigger, fingerprint, attempt, state, inputs, owner,"
                            + " lease_until) VALUES ('leaderboard', 'rank', 'timer', 'x', 1, 'running', '[]', 'dead',"
                            + " clock_timestamp() - interval '1 s')");
            service.drop("users.csv", USERS);
            service.drop("messages.csv", MESSAGES);
            await().atMost(SOON).until(() -> endpoint.types(RANK).size() == 3);
            assertThat(endpoint.types(RANK)).containsExactly("ABORT", "START", "COMPLETE");
            assertValid(endpoint.events());
        }
    }

    @Test
    void an_endpoint_that_is_away_gets_all_events_in_order_when_it_is_back() throws Exception {
        int port = TestService.freePort();
        try (TestService service = new TestService(folder, TestLineage.environment(port))) {
            service.drop("users.csv", USERS);
            service.drop("messages.csv", MESSAGES);
            await().atMost(SOON).untilAsserted(() -> assertThat(service.board()).contains("Ana Lima"));
            service.drop("messages.csv", MESSAGES + "3,1,x,y\n");
            await().atMost(SOON).untilAsserted(() -> assertThat(service.board()).contains("\"messages\":3"));
            await().atMost(SOON).untilAsserted(() -> assertThat(
                            service.get("/observe/health").body())
                    .contains("DEGRADED", "notifications by openlineage", "the connection was refused"));
            try (TestLineage endpoint = new TestLineage(port)) {
                await().atMost(SOON).until(() -> endpoint.types(RANK).size() == 4);
                List<String> runs = endpoint.events().stream()
                        .map(event -> event.at("/run/runId").asText())
                        .distinct()
                        .toList();
                assertThat(runs).hasSize(2);
                for (String run : runs) {
                    assertThat(endpoint.events().stream()
                                    .filter(event ->
                                            event.at("/run/runId").asText().equals(run))
                                    .map(event -> event.path("eventType").asText()))
                            .containsExactly("START", "COMPLETE");
                }
            }
        }
    }

    @Test
    void each_pipeline_says_what_it_reads_and_writes() throws Exception {
        copy("stocks", "stocks/source", "CompanyNames", "Stocks");
        copy("orders", "orders/raw", "orders.csv", "reviews.csv", "shipment_deliveries.csv", "dim_products.csv");
        copy("city-requests", "city-requests/raw", "311_service_requests_2016.csv");
        copy("transactions", "transactions/bulk", "sales.csv");
        try (TestLineage endpoint = new TestLineage(0)) {
            Map<String, String> environment = endpoint.environment();
            environment.put("ORDERS_QUIET", "1s");
            environment.put("ORDERS_HOLIDAYS", "US");
            environment.put("CITY_REQUESTS_QUIET", "1s");
            environment.put("TRANSACTIONS_BULK_SCHEDULE", "* * * * *");
            try (TestService service = new TestService(folder, environment)) {
                Files.writeString(folder.resolve("stocks/source/.SUCCESS"), "");
                List<String> jobs =
                        List.of("stocks.collate", "orders.analyse", "city-requests.refine", "transactions.load");
                await().atMost(Duration.ofMinutes(3)).until(() -> jobs.stream()
                        .allMatch(job -> endpoint.types(job).size() >= 2));
                assertThat(jobs)
                        .allSatisfy(job -> assertThat(endpoint.types(job)).containsExactly("START", "COMPLETE"));
                assertValid(endpoint.events());

                JsonNode stocks = endpoint.event("stocks.collate", "COMPLETE");
                assertThat(TestLineage.dataset(stocks, "inputs", "/stocks/source")
                                .at("/inputFacets/inputStatistics/fileCount")
                                .asLong())
                        .isEqualTo(5);
                assertThat(TestLineage.names(stocks, "outputs"))
                        .anyMatch(name -> name.endsWith("/historical_stock_data.csv"))
                        .anyMatch(name -> name.endsWith(".historical_stocks_data"));

                JsonNode orders = endpoint.event("orders.analyse", "COMPLETE");
                assertThat(TestLineage.dataset(orders, "inputs", "/orders.csv")
                                .at("/facets/schema/fields/0/type")
                                .asText())
                        .isEqualTo("bigint");
                assertThat(TestLineage.names(orders, "outputs"))
                        .anyMatch(name -> name.endsWith("/analytics_export/agg_shipments.csv"))
                        .anyMatch(name -> name.endsWith(".staging.orders"))
                        .anyMatch(name -> name.endsWith(".analytics.best_performing_product"));

                JsonNode city = endpoint.event("city-requests.refine", "COMPLETE");
                JsonNode silver = TestLineage.dataset(city, "outputs", "/silver");
                assertThat(silver.path("namespace").asText()).isEqualTo("file");
                assertThat(silver.at("/facets/symlinks/identifiers/0/name").asText())
                        .isEqualTo("city_requests.silver");

                JsonNode transactions = endpoint.event("transactions.load", "COMPLETE");
                assertThat(TestLineage.names(transactions, "inputs"))
                        .singleElement()
                        .asString()
                        .endsWith("/transactions/bulk/sales.csv");
                assertThat(TestLineage.names(transactions, "outputs"))
                        .anyMatch(name -> name.endsWith(".warehouse.fact_sales"))
                        .anyMatch(name -> name.endsWith(".transactions.invoice_lines"));
            }
        }
    }

    @Test
    void doctor_says_whether_the_endpoint_answers() throws Exception {
        try (TestLineage endpoint = new TestLineage(0)) {
            Map<String, String> environment = endpoint.environment();
            environment.put("BRIGADE_DATA", folder.toString());
            environment.put("BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()));
            environment.put("OPENLINEAGE_API_KEY", "s3cret");
            String shown = "The OpenLineage endpoint " + environment.get("OPENLINEAGE_URL") + "/api/v1/lineage";
            assertThat(CommandResult.of(environment, "doctor").out()).contains(shown + " answers");
            assertThat(endpoint.events()).isEmpty();
            endpoint.close();
            assertThat(CommandResult.of(environment, "doctor").out())
                    .contains("failed   OPENLINEAGE_URL: " + shown + " does not answer (the connection was refused).")
                    .doesNotContain("s3cret");
        }
    }
}
