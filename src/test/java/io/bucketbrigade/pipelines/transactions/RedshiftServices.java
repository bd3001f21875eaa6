package io.bucketbrigade.pipelines.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import io.bucketbrigade.redshift.RedshiftAddress;
import io.bucketbrigade.redshift.RedshiftDatabases;
import io.bucketbrigade.support.TcpRelay;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestRedshift;
import io.bucketbrigade.support.TestService;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
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
abstract class RedshiftServices {
    static final JsonMapper JSON = new JsonMapper();

    /** Repeated lines, digits, signs, quotes, odd customers, one who is named late, an earlier line that comes late, a leap day, midnight, a Sunday. */
    static final String TRAPS = """
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

    static final List<String> STAR = List.of(
            "SELECT concat_ws('|', source, position, invoice_no, stock_code, coalesce(customer_id, '-'), coalesce(country, '-'), day, sold_at,"
                    + " quantity, trim_scale(unit_price), trim_scale(amount), is_sale) FROM warehouse.fact_sales",
            "SELECT concat_ws('|', day, year, quarter, month, day_of_week) FROM warehouse.dim_date",
            "SELECT country FROM warehouse.dim_country",
            "SELECT concat_ws('|', stock_code, description, CASE WHEN description IS NOT NULL THEN"
                    + " concat_ws('|', described_at, source, position) END) FROM warehouse.dim_product",
            "SELECT concat_ws('|', customer_id, country, CASE WHEN country IS NOT NULL THEN concat_ws('|', located_at, source, position) END)"
                    + " FROM warehouse.dim_customer");

    static final List<String> TOTALS = List.of(
            "SELECT concat_ws('|', hour, lines, quantity, trim_scale(gross), trim_scale(net)) FROM warehouse.sales_by_hour",
            "SELECT concat_ws('|', hour, stock_code, quantity, trim_scale(revenue)) FROM warehouse.product_by_hour",
            "SELECT concat_ws('|', day, stock_code, quantity, trim_scale(revenue)) FROM warehouse.product_by_day",
            "SELECT concat_ws('|', invoice_no, coalesce(customer_id, '-'), coalesce(country, '-'), sold_at, lines, quantity, trim_scale(gross),"
                    + " trim_scale(net)) FROM warehouse.invoice_totals");

    final TestBuckets buckets = TestBuckets.s3Proxy();
    final String bucket = buckets.newBucket();
    TestRedshift server;
    TcpRelay relay;
    Path data;
    TestService redshift;
    TestService postgresql;

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

    Map<String, String> settings() {
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

    static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(40));
    }

    /** To both, so that the same rows have the same positions. */
    void post(String lines) throws Exception {
        for (TestService service : List.of(redshift, postgresql)) {
            HttpResponse<String> answer = service.post("/transactions", lines, "Content-Type", "application/x-ndjson");
            assertThat(answer.body()).contains("\"rejected\":0");
        }
    }

    static String line(String invoice, String code, String price) {
        return "{\"InvoiceNo\":\"" + invoice + "\",\"StockCode\":\"" + code
                + "\",\"Quantity\":1,\"InvoiceDate\":\"2011-05-01T10:00:00\",\"UnitPrice\":" + price + "}\n";
    }

    static String lines(String invoice, int count) {
        return IntStream.range(0, count)
                .mapToObj(at -> line(invoice + at % 9, "c" + at, "1.5"))
                .collect(Collectors.joining());
    }

    void awaitAll() {
        for (TestService service : List.of(redshift, postgresql)) {
            patiently().until(() -> service.ask("SELECT count(*) FROM brigade.stream_readers r"
                            + " JOIN brigade.stream_partitions p USING (stream, partition)"
                            + " WHERE r.reader <> 'archive' AND r.position < p.position")
                    .equals("0"));
        }
    }

    static List<String> ask(Connection from, String question) throws SQLException {
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

    void assertSame(List<String> questions) throws SQLException {
        for (String question : questions) {
            assertThat(ask(server.connect(), question))
                    .isEqualTo(ask(postgresql.connect(), question))
                    .isNotEmpty();
        }
    }

    String health() throws Exception {
        return redshift.get("/observe/health").body();
    }

    void awaitHealth(String words) {
        patiently().until(this::health, health -> health.contains("transactions-redshift") && health.contains(words));
    }

    /** Ends transactions of the database that wait for something else, as the death of their process does. */
    void endTransactions() {
        try {
            redshift.ask(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND state = 'idle in transaction' AND pid <> pg_backend_pid()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static PGSimpleDataSource database(String uri) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl("jdbc:" + uri.replace("//postgres@", "//"));
        database.setUser("postgres");
        return database;
    }

    static void execute(String uri, String sql) throws SQLException {
        try (Connection connection = database(uri).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    RedshiftTables tables(String workgroup, String schema) {
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

    SalesWarehouse warehouse(String uri, String kind, String schema) {
        PGSimpleDataSource database = database(uri);
        return new SalesWarehouse(tables(TestRedshift.WORKGROUP, schema), database, database, kind);
    }
}
