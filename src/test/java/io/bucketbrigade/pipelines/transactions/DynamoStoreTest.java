package io.bucketbrigade.pipelines.transactions;

import static io.bucketbrigade.support.ProblemAnswer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.dynamodb.DynamoTable;
import io.bucketbrigade.dynamodb.DynamoTables;
import io.bucketbrigade.support.TcpRelay;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestDynamo;
import io.bucketbrigade.support.TestService;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Two services that are sent the same: one keeps invoices in DynamoDB, the other in PostgreSQL. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DynamoStoreTest {
    /** Numbers are the same only if they are written with the same digits. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Repeated lines, digits, signs, quotes, odd customers, a customer who is named late, an earlier line that comes late, a leap day. */
    private static final String TRAPS = """
            {"InvoiceNo":"T1","StockCode":"22386","Description":"SAY \\"£5\\", PLEASE","Quantity":10,"InvoiceDate":"2012-02-29T23:59:59.5","UnitPrice":2.10}
            {"InvoiceNo":"T1","StockCode":"22386","Description":"SAY \\"£5\\", PLEASE","Quantity":10,"InvoiceDate":"2012-02-29T23:59:59.5","UnitPrice":2.10}
            {"InvoiceNo":"T1","StockCode":"POST","Quantity":1,"InvoiceDate":"2012-03-01","UnitPrice":18.00001,"CustomerID":"13001.0","Country":"EIRE"}
            {"InvoiceNo":"T1","StockCode":"M","Quantity":1,"InvoiceDate":"2012-02-28T10:00:00","UnitPrice":0.00,"CustomerID":"99999"}
            {"InvoiceNo":"CT2","StockCode":"D","Quantity":-80995,"InvoiceDate":"12/1/2010 8:26","UnitPrice":27.5,"CustomerID":"13001"}
            {"InvoiceNo":"AT3","StockCode":"B","Description":"Adjust bad debt","Quantity":1,"InvoiceDate":"12/1/2010 8:26","UnitPrice":-11062.060,"CustomerID":"13001"}
            {"InvoiceNo":"T4","StockCode":"gift_0001_20","Quantity":1,"InvoiceDate":"12/1/2010 8:26","UnitPrice":"1E3"}
            {"InvoiceNo":"T 5 ü","StockCode":"x","Quantity":1,"InvoiceDate":"12/1/2010 8:26","UnitPrice":100,"CustomerID":"O'Hara & co"}
            """;

    private final String tableName = TestDynamo.newTable();
    private final DynamoTable table = new DynamoTable(TestDynamo.client(), tableName);
    private final TcpRelay relay = new TcpRelay(TestDynamo.port());
    private TestService dynamo;
    private Path data;
    private TestService postgresql;
    private List<NamedCsvRecord> sample;

    @BeforeAll
    void start(@TempDir Path one, @TempDir Path other) throws Exception {
        relay.fix();
        data = one;
        dynamo = new TestService(one, settings(tableName));
        postgresql = new TestService(other, Map.of());
        sample =
                CsvReader.builder()
                        .ofNamedCsvRecord(TestService.HOME.resolve("samples/transactions/sales.csv"))
                        .stream()
                        .toList();
        List<String> rows = new ArrayList<>();
        for (NamedCsvRecord row : sample) {
            rows.add(JSON.writeValueAsString(row.getFieldsAsMap()));
        }
        for (String body : List.of(String.join("\n", rows), TRAPS)) {
            post(dynamo, body);
            post(postgresql, body);
        }
        awaitAll(dynamo);
        awaitAll(postgresql);
    }

    private Map<String, String> settings(String table) {
        return Map.of(
                "TRANSACTIONS_STORE",
                "dynamodb",
                "TRANSACTIONS_STORE_TABLE",
                table,
                "AWS_ENDPOINT_URL_DYNAMODB",
                "http://127.0.0.1:" + relay.port(),
                "TRANSACTIONS_ARCHIVE_AGE",
                "1s",
                "AWS_ACCESS_KEY_ID",
                "any",
                "AWS_SECRET_ACCESS_KEY",
                "secret");
    }

    @AfterAll
    void stop() throws Exception {
        dynamo.close();
        postgresql.close();
        relay.close();
    }

    private static void post(TestService to, String lines) throws Exception {
        HttpResponse<String> answer = to.post("/transactions", lines, "Content-Type", "application/x-ndjson");
        assertThat(answer.body()).contains("\"rejected\":0");
    }

    private static void awaitAll(TestService service) {
        await().atMost(Duration.ofSeconds(30)).until(() -> service.ask("SELECT count(*) FROM brigade.stream_readers r"
                        + " JOIN brigade.stream_partitions p USING (stream, partition)"
                        + " WHERE r.reader = 'store' AND r.position < p.position")
                .equals("0"));
    }

    private static String path(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String invoice(TestService from, String invoice) throws Exception {
        return JSON.readTree(from.get("/transactions/invoices/" + path(invoice)).body())
                .toString();
    }

    private static String customer(TestService from, String customer, String query) throws Exception {
        return JSON.readTree(from.get("/transactions/customers/" + path(customer) + "/invoices" + query)
                        .body())
                .toString();
    }

    private Stream<String> column(String name, String... others) {
        return Stream.concat(sample.stream().map(row -> row.getField(name)), Stream.of(others))
                .filter(value -> !value.isEmpty())
                .distinct();
    }

    /** All answers about all invoices and customers, which are the same as those of the other service. */
    private Map<String, String> assertSame() throws Exception {
        Map<String, String> answers = new HashMap<>();
        for (String invoice :
                column("InvoiceNo", "T1", "CT2", "AT3", "T4", "T 5 ü").toList()) {
            answers.put(invoice, invoice(dynamo, invoice));
            assertThat(answers.get(invoice)).as(invoice).isEqualTo(invoice(postgresql, invoice));
        }
        for (String customer :
                column("CustomerID", "13001", "99999", "O'Hara & co").toList()) {
            answers.put("customer " + customer, customer(dynamo, customer, ""));
            assertThat(answers.get("customer " + customer)).as(customer).isEqualTo(customer(postgresql, customer, ""));
        }
        return answers;
    }

    @Test
    void invoices_and_customers_are_answered_as_from_PostgreSQL() throws Exception {
        assertThat(assertSame()).hasSizeGreaterThan(40).containsKey("T1");
        assertThat(invoice(dynamo, "T1")).contains("\"customer_id\":\"13001\"", "\"total\":60.00001");
    }

    @Test
    void pages_and_their_cursors_are_those_of_PostgreSQL() throws Exception {
        String customer = column("CustomerID").findFirst().orElseThrow();
        String query = "?limit=2";
        int pages = 0;
        while (!query.isEmpty()) {
            String page = customer(dynamo, customer, query);
            assertThat(page).isEqualTo(customer(postgresql, customer, query));
            JsonNode cursor = JSON.readTree(page).path("next_cursor");
            query = cursor.isNull() ? "" : "?limit=2&cursor=" + path(cursor.asText());
            pages++;
        }
        assertThat(pages).isGreaterThan(1);
    }

    @Test
    void what_no_line_has_named_is_not_found() throws Exception {
        assertProblem(dynamo.get("/transactions/invoices/none"), 404, "No line of that invoice has arrived.");
        assertProblem(
                dynamo.get("/transactions/customers/none/invoices"), 404, "No invoice of that customer has arrived.");
        assertProblem(dynamo.get("/transactions/customers/none/invoices?cursor=x"), 400, "cursor");
    }

    @Test
    void rows_that_come_again_because_a_process_died_before_its_commit_count_once() throws Exception {
        Map<String, String> before = assertSame();
        dynamo.execute("UPDATE brigade.stream_readers SET position = position / 3, arrived = '-infinity'"
                + " WHERE reader = 'store'");
        awaitAll(dynamo);
        assertThat(assertSame()).isEqualTo(before);
    }

    @Test
    void a_row_that_DynamoDB_cannot_hold_is_rejected_with_the_reason_and_stops_nothing() throws Exception {
        String line =
                "{\"InvoiceNo\":\"B1\",\"StockCode\":\"%s\",\"Quantity\":1,\"InvoiceDate\":\"2010-12-01\",\"UnitPrice\":%s}\n";
        post(dynamo, line.formatted("a", "1") + line.formatted("b", "7".repeat(40)) + line.formatted("c", "2"));
        await().until(() -> invoice(dynamo, "B1").contains("\"total\":3,"));
        assertThat(dynamo.ask("SELECT stage || ': ' || reason FROM brigade.stream_rejected"))
                .isEqualTo("store: UnitPrice has 40 digits, and DynamoDB keeps at most 38 of a number.");
        assertThat(dynamo.post("/streams/transactions/replay", "").body())
                .contains("\"replayed\":0", "UnitPrice has 40 digits");
    }

    @Test
    void while_DynamoDB_is_away_rows_are_accepted_and_are_there_when_it_is_back() throws Exception {
        relay.cut();
        post(dynamo, TRAPS.replace("\"T1\"", "\"W1\"").lines().findFirst().orElseThrow());
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> dynamo.get("/observe/health").body(),
                        health -> health.contains("transactions-store")
                                && health.contains(
                                        "DynamoDB can't be reached or does not answer for the table " + tableName));
        assertProblem(dynamo.get("/transactions/invoices/W1"), 503, "DynamoDB can't be reached");
        relay.fix();
        await().atMost(Duration.ofSeconds(30)).until(() -> invoice(dynamo, "W1").contains("\"total\":21.0"));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !dynamo.get("/observe/health").body().contains("DynamoDB"));
    }

    private static PGSimpleDataSource database(TestService of) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl("jdbc:" + of.databaseUri().replace("//postgres@", "//"));
        database.setUser("postgres");
        return database;
    }

    private SalesStore store(TestService of, String kind, String named) {
        PGSimpleDataSource database = database(of);
        return new SalesStore(new DynamoTables(TestDynamo::client), database, database, kind, named);
    }

    @Test
    void a_store_without_the_rows_that_were_brought_into_another_one_is_refused() {
        assertThatThrownBy(() -> store(dynamo, SalesStore.POSTGRESQL, "").prepare())
                .hasMessageStartingWith("Rows that arrived before are in the DynamoDB table " + tableName
                        + ", and postgresql does not have them.");
        String other = TestDynamo.newTable();
        assertThatThrownBy(() -> store(dynamo, "dynamodb", other).prepare())
                .hasMessageContaining("and the DynamoDB table " + other + " does not have them");
        assertThatThrownBy(() -> store(postgresql, "dynamodb", other).prepare())
                .hasMessageStartingWith("Rows that arrived before are in postgresql");
        assertThat(new DynamoTable(TestDynamo.client(), other).exists()).isFalse();
    }

    @Test
    void a_table_that_holds_what_arrived_at_another_database_is_refused() {
        FilledStore.State other = new FilledStore.State("5dbb9a0c-0000-0000-0000-000000000000", false);
        assertThatThrownBy(() -> new TableOwner(table, other).require())
                .hasMessageContaining("holds what arrived at another database");
        String deleted = TestDynamo.newTable();
        FilledStore.State begun = new FilledStore.State("5dbb9a0c-0000-0000-0000-000000000000", true);
        assertThatThrownBy(() -> new TableOwner(new DynamoTable(TestDynamo.client(), deleted), begun).require())
                .hasMessageContaining("does not have the rows that were brought into it before");
    }

    @Test
    void files_are_not_loaded_straight_into_dynamodb() {
        assertThatThrownBy(() -> store(dynamo, "dynamodb", tableName).requireFiles())
                .hasMessage(
                        "Files are loaded straight into PostgreSQL only, and TRANSACTIONS_STORE is dynamodb. Send the file"
                                + " instead: ./brigade send FILE URL.");
        store(postgresql, SalesStore.POSTGRESQL, "").requireFiles();
    }

    @Test
    void a_rebuild_wants_the_table_empty() {
        assertThatThrownBy(() -> store(dynamo, "dynamodb", tableName).requireEmpty())
                .hasMessageContaining("is not empty")
                .hasMessageContaining("aws dynamodb delete-table --table-name " + tableName);
        store(dynamo, "dynamodb", TestDynamo.newTable()).requireEmpty();
    }

    @Test
    void a_rebuild_fills_an_empty_table_from_the_archive_alone(@TempDir Path own) throws Exception {
        await().atMost(Duration.ofSeconds(30)).until(() -> dynamo.ask(
                        "SELECT (SELECT sum(position) FROM brigade.stream_partitions)"
                                + " - (SELECT sum(last - first + 1) FROM brigade.stream_archive WHERE written_at IS NOT NULL)")
                .equals("0"));
        String empty = TestDynamo.newTable();
        Map<String, String> lost = new HashMap<>(settings(tableName));
        lost.put("BRIGADE_DATA", own.toString());
        lost.put("BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()));
        lost.put("BRIGADE_DATABASE_URL", TestDatabase.newUriWithTables());
        lost.put("TRANSACTIONS_ARCHIVE", data.resolve("transactions/raw").toString());
        assertThat(CommandResult.of(lost, "rebuild", "transactions").err())
                .contains("The DynamoDB table " + tableName + " is not empty.");
        lost.put("TRANSACTIONS_STORE_TABLE", empty);
        CommandResult rebuilt = CommandResult.of(lost, "rebuild", "transactions");
        assertThat(rebuilt.out()).as(rebuilt.err()).contains("All rows of the archive are in the tables.");
        InvoiceReader reader = new InvoiceReader(new DynamoTable(TestDynamo.client(), empty));
        for (String invoice : column("InvoiceNo", "T1", "CT2", "T 5 ü").toList()) {
            assertThat(JSON.readTree(reader.invoice(invoice).orElseThrow()).toString())
                    .isEqualTo(invoice(dynamo, invoice));
        }
        assertThat(JSON.readTree(reader.customer("13001", 100, "").orElseThrow())
                        .toString())
                .isEqualTo(customer(dynamo, "13001", ""));
    }

    @Test
    void a_table_with_other_keys_is_refused() {
        String foreign = TestDynamo.newTable();
        KeySchemaElement key = KeySchemaElement.builder()
                .attributeName("id")
                .keyType(KeyType.HASH)
                .build();
        AttributeDefinition id = AttributeDefinition.builder()
                .attributeName("id")
                .attributeType(ScalarAttributeType.S)
                .build();
        TestDynamo.client()
                .createTable(CreateTableRequest.builder()
                        .tableName(foreign)
                        .attributeDefinitions(id)
                        .keySchema(key)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .build());
        assertThatThrownBy(() -> new DynamoTable(TestDynamo.client(), foreign).exists())
                .hasMessageContaining("its keys are not the texts pk and sk");
    }
}
