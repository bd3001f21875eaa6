package io.bucketbrigade.pipelines.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.redshift.RedshiftAddress;
import io.bucketbrigade.redshift.RedshiftDatabases;
import io.bucketbrigade.support.TcpRelay;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestRedshift;
import io.bucketbrigade.support.TestService;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.redshiftdata.RedshiftDataClient;

/** Two services that are sent the same: one has its warehouse in Redshift, the other in PostgreSQL. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedshiftWarehouseTest {
    private static final JsonMapper JSON = new JsonMapper();

    /** Repeated lines, digits, signs, quotes, odd customers, one who is named late, an earlier line that comes late, a leap day, midnight, a Sunday. */
    private static final String TRAPS = """
            {"InvoiceNo":"T1","StockCode":"22386","Description":"SAY \\"£5\\", PLEASE","Quantity":10,"InvoiceDate":"2012-02-29T23:59:59.5","UnitPrice":2.10}
            {"InvoiceNo":"T1","StockCode":"22386","Description":"SAY \\"£5\\", PLEASE","Quantity":10,"InvoiceDate":"2012-02-29T23:59:59.5","UnitPrice":2.10}
            {"InvoiceNo":"T1","StockCode":"POST","Quantity":1,"InvoiceDate":"2012-03-01","UnitPrice":18.00001,"CustomerID":"13001.0","Country":"EIRE"}
            {"InvoiceNo":"T1","StockCode":"M","Description":"back\\\\slash \\\\N\\ttab","Quantity":1,"InvoiceDate":"2012-02-28T10:00:00","UnitPrice":0.00,"CustomerID":"99999"}
            {"InvoiceNo":"CT2","StockCode":"D","Quantity":-80995,"InvoiceDate":"12/1/2010 8:26","UnitPrice":27.5,"CustomerID":"13001","Country":"France"}
            {"InvoiceNo":"AT3","StockCode":"B","Description":"Adjust bad debt","Quantity":1,"InvoiceDate":"12/5/2010 8:26","UnitPrice":-11062.060,"CustomerID":"13001"}
            {"InvoiceNo":"T4","StockCode":"gift_0001_20","Description":"old","Quantity":1,"InvoiceDate":"12/1/2010 8:26","UnitPrice":"1E3"}
            {"InvoiceNo":"T5","StockCode":"gift_0001_20","Description":"new","Quantity":2147483647,"InvoiceDate":"12/2/2010 8:26","UnitPrice":0.0000000001}
            {"InvoiceNo":"T 6 ü","StockCode":"x","Quantity":1,"InvoiceDate":"12/1/2010 8:26","UnitPrice":100,"CustomerID":"O'Hara & co","Country":"-- it's;"}
            """;

    private static final List<String> STAR = List.of(
            "SELECT concat_ws('|', source, position, invoice_no, stock_code, coalesce(customer_id, '-'), coalesce(country, '-'), day, sold_at,"
                    + " quantity, trim_scale(unit_price), trim_scale(amount), is_sale) FROM warehouse.fact_sales",
            "SELECT concat_ws('|', day, year, quarter, month, day_of_week) FROM warehouse.dim_date",
            "SELECT country FROM warehouse.dim_country",
            "SELECT concat_ws('|', stock_code, description, CASE WHEN description IS NOT NULL THEN"
                    + " concat_ws('|', described_at, source, position) END) FROM warehouse.dim_product",
            "SELECT concat_ws('|', customer_id, country, CASE WHEN country IS NOT NULL THEN concat_ws('|', located_at, source, position) END)"
                    + " FROM warehouse.dim_customer");

    private static final List<String> TOTALS = List.of(
            "SELECT concat_ws('|', hour, lines, quantity, trim_scale(gross), trim_scale(net)) FROM warehouse.sales_by_hour",
            "SELECT concat_ws('|', hour, stock_code, quantity, trim_scale(revenue)) FROM warehouse.product_by_hour",
            "SELECT concat_ws('|', day, stock_code, quantity, trim_scale(revenue)) FROM warehouse.product_by_day",
            "SELECT concat_ws('|', invoice_no, coalesce(customer_id, '-'), coalesce(country, '-'), sold_at, lines, quantity, trim_scale(gross),"
                    + " trim_scale(net)) FROM warehouse.invoice_totals");

    private final TestBuckets buckets = TestBuckets.s3Proxy();
    private final String bucket = buckets.newBucket();
    private TestRedshift server;
    private TcpRelay relay;
    private Path data;
    private TestService redshift;
    private TestService postgresql;

    @BeforeAll
    void start(@TempDir Path one, @TempDir Path other) throws Exception {
        server = new TestRedshift(buckets);
        relay = new TcpRelay(server.port());
        relay.fix();
        data = one;
        redshift = new TestService(one, settings());
        postgresql = new TestService(other, Map.of());
        List<String> rows = new ArrayList<>();
        try (var sample =
                CsvReader.builder().ofNamedCsvRecord(TestService.HOME.resolve("samples/transactions/sales.csv"))) {
            sample.stream()
                    .forEach(row ->
                            rows.add(JSON.valueToTree(row.getFieldsAsMap()).toString()));
        }
        post(String.join("\n", rows));
        post(TRAPS);
        awaitAll();
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(buckets.environment());
        settings.put("TRANSACTIONS_WAREHOUSE", "redshift");
        settings.put("TRANSACTIONS_REDSHIFT_WORKGROUP", TestRedshift.WORKGROUP);
        settings.put("TRANSACTIONS_REDSHIFT_STAGING", "s3://" + bucket + "/staging");
        settings.put("TRANSACTIONS_REDSHIFT_ROWS", "1000");
        settings.put("TRANSACTIONS_REDSHIFT_AGE", "1s");
        settings.put("TRANSACTIONS_ARCHIVE_AGE", "1s");
        settings.put("AWS_ENDPOINT_URL_REDSHIFT_DATA", "http://127.0.0.1:" + relay.port());
        return settings;
    }

    @AfterAll
    void stop() throws Exception {
        redshift.close();
        postgresql.close();
        relay.close();
        server.close();
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(40));
    }

    /** To both, so that the same rows have the same positions. */
    private void post(String lines) throws Exception {
        for (TestService service : List.of(redshift, postgresql)) {
            HttpResponse<String> answer = service.post("/transactions", lines, "Content-Type", "application/x-ndjson");
            assertThat(answer.body()).contains("\"rejected\":0");
        }
    }

    private static String line(String invoice, String code, String price) {
        return "{\"InvoiceNo\":\"" + invoice + "\",\"StockCode\":\"" + code
                + "\",\"Quantity\":1,\"InvoiceDate\":\"2011-05-01T10:00:00\",\"UnitPrice\":" + price + "}\n";
    }

    private static String lines(String invoice, int count) {
        return IntStream.range(0, count)
                .mapToObj(at -> line(invoice + at % 9, "c" + at, "1.5"))
                .collect(Collectors.joining());
    }

    private void awaitAll() {
        for (TestService service : List.of(redshift, postgresql)) {
            patiently().until(() -> service.ask("SELECT count(*) FROM brigade.stream_readers r"
                            + " JOIN brigade.stream_partitions p USING (stream, partition)"
                            + " WHERE r.reader <> 'archive' AND r.position < p.position")
                    .equals("0"));
        }
    }

    private static List<String> ask(Connection from, String question) throws SQLException {
        List<String> answers = new ArrayList<>();
        try (Connection connection = from;
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question + " ORDER BY 1")) {
            while (row.next()) {
                answers.add(row.getString(1));
            }
        }
        return answers;
    }

    private void assertSame(List<String> questions) throws SQLException {
        for (String question : questions) {
            assertThat(ask(server.connect(), question))
                    .isEqualTo(ask(postgresql.connect(), question))
                    .isNotEmpty();
        }
    }

    private String health() throws Exception {
        return redshift.get("/observe/health").body();
    }

    private void awaitHealth(String words) {
        patiently().until(this::health, health -> health.contains("transactions-redshift") && health.contains(words));
    }

    /** Ends transactions of the database that wait for something else, as the death of their process does. */
    private void endTransactions() {
        try {
            redshift.ask(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND state = 'idle in transaction' AND pid <> pg_backend_pid()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void the_star_is_that_of_PostgreSQL_row_for_row_and_the_views_have_its_totals() throws Exception {
        awaitAll();
        assertSame(STAR);
        assertSame(TOTALS);
    }

    @Test
    void business_questions_are_answered_as_before_and_the_facts_are_in_Redshift_only() throws Exception {
        for (String question : List.of("sales?by=hour", "best-sellers?by=month", "customers", "countries")) {
            assertThat(redshift.get("/transactions/insights/" + question).body())
                    .isEqualTo(
                            postgresql.get("/transactions/insights/" + question).body());
        }
        assertThat(redshift.ask("SELECT count(*) FROM warehouse.fact_sales")).isEqualTo("0");
    }

    @Test
    void rows_wait_for_others_and_are_loaded_together_and_nothing_is_left_in_the_bucket() throws Exception {
        awaitAll();
        int before = server.loads().size();
        post(lines("W", 900));
        awaitAll();
        assertThat(server.loads().size() - before).isBetween(1, 3);
        patiently().until(() -> buckets.client()
                .listObjectsV2(request -> request.bucket(bucket).prefix("staging/"))
                .contents()
                .isEmpty());
    }

    @Test
    void rows_of_a_process_that_dies_between_both_commits_count_once() throws Exception {
        awaitAll();
        CountDownLatch died = new CountDownLatch(1);
        server.afterNextCommit(() -> {
            endTransactions();
            died.countDown();
        });
        int before = server.loads().size();
        post(lines("D", 50));
        died.await();
        awaitAll();
        assertThat(server.loads().size() - before).as("they were loaded again").isGreaterThan(1);
        assertSame(STAR);
    }

    @Test
    void a_frozen_process_whose_rows_another_one_loads_meanwhile_loads_none_twice() throws Exception {
        awaitAll();
        CountDownLatch frozen = new CountDownLatch(1);
        CountDownLatch wakes = new CountDownLatch(1);
        server.beforeNextCommit(() -> {
            frozen.countDown();
            try {
                wakes.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        post(lines("Z", 50));
        frozen.await();
        endTransactions();
        patiently().until(() -> server.ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND wait_event_type = 'Lock'")
                .equals("1"));
        wakes.countDown();
        awaitAll();
        assertSame(STAR);
    }

    @Test
    void several_containers_load_one_after_the_other_and_no_row_twice(@TempDir Path folder) throws Exception {
        Map<String, String> same = settings();
        same.put("TRANSACTIONS_ARCHIVE", data.resolve("transactions/raw").toString());
        try (TestService second = new TestService(folder, redshift.databaseUri(), same)) {
            for (int part = 0; part < 4; part++) {
                post(lines("C" + part, 400));
            }
            awaitAll();
            assertThat(second.get("/transactions/insights/countries").statusCode())
                    .isEqualTo(200);
        }
        assertSame(STAR);
    }

    @Test
    void a_row_that_only_Redshift_refuses_is_rejected_with_its_reason_and_loaded_when_that_is_gone() throws Exception {
        server.refuseLinesWith("poison");
        post(line("P1", "a", "1") + line("P1", "poison", "2") + line("P2", "b", "3"));
        awaitAll();
        assertThat(server.ask("SELECT string_agg(stock_code, ' ' ORDER BY stock_code) FROM warehouse.fact_sales"
                        + " WHERE invoice_no IN ('P1', 'P2')"))
                .isEqualTo("a b");
        assertThat(redshift.ask(
                        "SELECT stage || ': ' || reason FROM brigade.stream_rejected WHERE row LIKE '%poison%'"))
                .isEqualTo("redshift: Redshift can't load the column stock_code: Invalid value.");
        server.refuseLinesWith("");
        String id = redshift.ask("SELECT rejected_id FROM brigade.stream_rejected WHERE row LIKE '%poison%'");
        assertThat(redshift.post("/streams/transactions/rejected/" + id, "").body())
                .contains("\"replayed\":1");
        assertSame(STAR);
    }

    @Test
    void many_rows_that_only_Redshift_refuses_do_not_keep_the_others_from_it() throws Exception {
        server.refuseLinesWith("poison");
        String poison = IntStream.range(0, 15)
                .mapToObj(at -> line("M" + at, "poison", "2"))
                .collect(Collectors.joining());
        post(lines("M", 60) + poison);
        awaitAll();
        assertThat(redshift.ask("SELECT count(*) FROM brigade.stream_rejected WHERE row LIKE '%\"M%poison%'"))
                .isEqualTo("15");
        server.refuseLinesWith("");
        redshift.post("/streams/transactions/replay", "");
        assertSame(STAR);
    }

    @Test
    void while_Redshift_is_away_rows_are_accepted_and_questions_answered_and_the_rows_are_there_when_it_is_back()
            throws Exception {
        relay.cut();
        post(line("A1", "away", "2.5"));
        awaitHealth(
                "Redshift can't be reached or does not answer for the Redshift database dev of the workgroup analysts");
        patiently().until(() -> redshift.get("/transactions/insights/highest-invoices?limit=10000")
                .body()
                .contains("\"A1\""));
        relay.fix();
        awaitAll();
        assertSame(STAR);
        patiently().until(() -> !health().contains("Redshift"));
    }

    @Test
    void what_is_wrong_is_said_in_health_in_words_and_nothing_is_lost() throws Exception {
        server.refuseRequests("AccessDeniedException");
        post(line("H1", "denied", "1"));
        awaitHealth("The current credentials may not use the Redshift database dev of the workgroup analysts"
                + " (redshift-data:");
        server.refuseRequests("");
        awaitAll();
        server.execute("ALTER TABLE warehouse.dim_date RENAME TO dim_days");
        post(line("H2", "missing", "1"));
        awaitHealth("a statement failed: Query #");
        assertThat(health()).contains("warehouse.dim_date").doesNotContain("Exception", "\\n");
        server.execute("ALTER TABLE warehouse.dim_days RENAME TO dim_date");
        awaitAll();
        assertSame(STAR);
    }

    @Test
    void a_warehouse_that_was_put_back_to_an_earlier_state_is_refused_instead_of_getting_a_gap() throws Exception {
        awaitAll();
        server.execute("UPDATE warehouse.loaded_rows SET position = position - 1");
        post(lines("G", 9));
        awaitHealth("Rows that were brought into the warehouse before are not in the schema warehouse of the Redshift");
        server.execute("UPDATE warehouse.loaded_rows SET position = position + 1");
        awaitAll();
        assertSame(STAR);
    }

    private static PGSimpleDataSource database(String uri) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl("jdbc:" + uri.replace("//postgres@", "//"));
        database.setUser("postgres");
        return database;
    }

    private static void execute(String uri, String sql) throws SQLException {
        try (Connection connection = database(uri).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private RedshiftTables tables(String workgroup, String schema) {
        RedshiftDataClient client = RedshiftDataClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + server.port()))
                .region(Region.US_EAST_1)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "secret")))
                .build();
        return new RedshiftTables(
                new RedshiftDatabases(() -> client, buckets::client),
                new RedshiftAddress("dev", workgroup, "", "", ""),
                schema,
                "s3://" + bucket + "/left",
                "default",
                TestService.HOME.resolve("routes/transactions").toString());
    }

    private SalesWarehouse warehouse(String uri, String kind, String schema) {
        PGSimpleDataSource database = database(uri);
        return new SalesWarehouse(tables(TestRedshift.WORKGROUP, schema), database, database, kind);
    }

    @Test
    void a_warehouse_without_the_rows_that_were_brought_into_another_one_is_refused() throws Exception {
        assertThatThrownBy(() -> warehouse(redshift.databaseUri(), "postgresql", "warehouse")
                        .prepare())
                .hasMessageStartingWith("Rows that arrived before are in redshift, and postgresql does not have them.")
                .hasMessageContaining("Set TRANSACTIONS_WAREHOUSE back, or call ./brigade rebuild transactions");
        assertThatThrownBy(() ->
                        warehouse(redshift.databaseUri(), "redshift", "other").prepare())
                .hasMessageStartingWith("Rows that were brought into the warehouse before are not in the schema other");
        assertThatThrownBy(() ->
                        warehouse(postgresql.databaseUri(), "redshift", "other").prepare())
                .hasMessageStartingWith("Rows that arrived before are in postgresql, and redshift does not have them.");
    }

    @Test
    void a_schema_that_holds_what_arrived_at_another_database_is_refused() throws Exception {
        String other = TestDatabase.newUriWithTables();
        execute(other, "UPDATE transactions.store SET log = gen_random_uuid()");
        assertThatThrownBy(() -> warehouse(other, "redshift", "warehouse").prepare())
                .hasMessage(
                        "In the schema warehouse of the Redshift database dev of the workgroup analysts is what arrived at another"
                                + " database. Name another schema (TRANSACTIONS_REDSHIFT_SCHEMA).");
    }

    @Test
    void a_warehouse_in_Redshift_that_nobody_has_filled_may_be_given_up_again() throws Exception {
        String uri = TestDatabase.newUriWithTables();
        warehouse(uri, "redshift", "given_up").prepare();
        execute(uri, "INSERT INTO brigade.stream_readers VALUES ('transactions', 'redshift', 0)");
        warehouse(uri, "postgresql", "given_up").prepare();
        assertThat(ask(database(uri).getConnection(), "SELECT reader FROM brigade.stream_readers"))
                .isEmpty();
    }

    @Test
    void a_place_that_does_not_exist_is_said_in_words() {
        assertThatThrownBy(() -> tables("nobody", "warehouse").prepare("log", Map.of()))
                .hasMessage(
                        "There is no such place as the Redshift database dev of the workgroup nobody, or it can't be used so (Redshift"
                                + " endpoint doesn't exist in this region). Check the names of workgroup or cluster, database, user and secret, and"
                                + " AWS_REGION.");
    }

    @Test
    void files_are_not_loaded_straight_into_Redshift() throws Exception {
        assertThatThrownBy(() -> warehouse(redshift.databaseUri(), "redshift", "warehouse")
                        .requireFiles())
                .hasMessage(
                        "Files are loaded straight into PostgreSQL only, and TRANSACTIONS_WAREHOUSE is redshift. Send the file"
                                + " instead: ./brigade send FILE URL.");
        warehouse(postgresql.databaseUri(), "postgresql", "warehouse").requireFiles();
    }

    @Test
    void what_killed_processes_have_left_in_the_bucket_is_removed_and_nothing_else() throws Exception {
        String name = "brigade-5dbb9a0c-0000-0000-0000-00000000000%d.json.gz";
        List<String> keys = List.of(
                "left/" + name.formatted(1), "left/" + name.formatted(2), "left/brigade-mine.json.gz", "left/other");
        for (String key : keys) {
            buckets.put(bucket, key, "text");
            if (!key.equals(keys.get(1))) {
                Files.setLastModifiedTime(
                        buckets.folder(bucket).resolve(key),
                        FileTime.from(Instant.now().minus(Duration.ofHours(3))));
            }
        }
        tables(TestRedshift.WORKGROUP, "warehouse").tidy();
        assertThat(buckets.client()
                        .listObjectsV2(request -> request.bucket(bucket).prefix("left/"))
                        .contents())
                .extracting(object -> object.key())
                .containsExactlyInAnyOrderElementsOf(keys.subList(1, 4));
    }

    @Test
    void a_rebuild_fills_an_empty_schema_from_the_archive_alone(@TempDir Path own) throws Exception {
        awaitAll();
        patiently().until(() -> redshift.ask("SELECT (SELECT sum(position) FROM brigade.stream_partitions)"
                        + " - (SELECT sum(last - first + 1) FROM brigade.stream_archive WHERE written_at IS NOT NULL)")
                .equals("0"));
        Map<String, String> lost = settings();
        lost.put("BRIGADE_DATA", own.toString());
        lost.put("BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()));
        lost.put("BRIGADE_DATABASE_URL", TestDatabase.newUriWithTables());
        lost.put("TRANSACTIONS_ARCHIVE", data.resolve("transactions/raw").toString());
        assertThat(CommandResult.of(lost, "rebuild", "transactions").err())
                .contains(
                        "There are rows in the schema warehouse of the Redshift database dev",
                        "DROP SCHEMA warehouse CASCADE");
        lost.put("TRANSACTIONS_REDSHIFT_SCHEMA", "rebuilt");
        CommandResult rebuilt = CommandResult.of(lost, "rebuild", "transactions");
        assertThat(rebuilt.out()).as(rebuilt.err()).contains("All rows are in the tables.");
        for (String question : STAR) {
            assertThat(ask(server.connect(), question.replace("warehouse.", "rebuilt.")))
                    .isEqualTo(ask(server.connect(), question));
        }
    }
}
