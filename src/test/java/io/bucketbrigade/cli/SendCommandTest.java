package io.bucketbrigade.cli;

import static io.bucketbrigade.support.ProblemAnswer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.pipelines.transactions.PlainSales;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SendCommandTest {
    private static final Path SALES = TestService.HOME.resolve("samples/transactions/sales.csv");
    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final String HEADER =
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    private static final String BEHIND =
            "SELECT coalesce(sum(p.position - r.position), 0) FROM brigade.stream_readers r"
                    + " JOIN brigade.stream_partitions p USING (stream, partition) WHERE reader <> 'archive'";
    private static final String STORED = "SELECT sum(position) FROM brigade.stream_partitions";
    private static final String ARCHIVED =
            "SELECT coalesce(sum(last - first + 1), 0) FROM brigade.stream_archive WHERE written_at IS NOT NULL";

    private Path services = Path.of("");

    @TempDir
    private Path folder = Path.of("");

    private TestService service;

    @BeforeAll
    void start(@TempDir Path all) throws Exception {
        services = all;
        service = new TestService(all, Map.of("TRANSACTIONS_ARCHIVE_AGE", "1s"));
    }

    @AfterAll
    void stop() {
        service.close();
    }

    /** The log goes on; what was made of it is as in the beginning. */
    @BeforeEach
    void empty() throws Exception {
        await().atMost(Duration.ofSeconds(20)).until(() -> service.ask(BEHIND).equals("0"));
        service.execute(
                "TRUNCATE transactions.invoice_lines, transactions.invoices, transactions.customers, warehouse.fact_sales,"
                        + " warehouse.invoice_totals, warehouse.dim_product, warehouse.dim_customer, warehouse.dim_date, warehouse.dim_country,"
                        + " warehouse.sales_by_hour, warehouse.product_by_hour, warehouse.product_by_day, brigade.stream_keys, brigade.stream_rejected");
    }

    private void awaitArchive() {
        await().atMost(Duration.ofSeconds(20)).until(() -> service.ask(ARCHIVED).equals(service.ask(STORED)));
    }

    private CommandResult send(Path file, String... options) {
        return send(file, service, options);
    }

    private CommandResult send(Path file, TestService to, String... options) {
        return Sent.result(file, to.address("/transactions"), folder, options);
    }

    private void awaitStore(PlainSales expected) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(service.ask(PlainSales.INVOICES))
                .isEqualTo(expected.invoices()));
        await().untilAsserted(() -> {
            assertThat(service.ask(PlainSales.LINES)).isEqualTo(expected.lines());
            assertThat(service.ask(PlainSales.CUSTOMERS)).isEqualTo(expected.customers());
        });
    }

    @Test
    void the_sample_comes_out_as_its_plain_twin_adds_it_up_and_again_changes_nothing() throws Exception {
        CommandResult sent = send(SALES);
        assertThat(sent.out()).contains("127 rows read = 127 accepted + 0 duplicate + 0 rejected.");
        assertThat(sent.status()).as(sent.err()).isZero();
        PlainSales expected = new PlainSales(SALES, WINDOWS);
        awaitStore(expected);
        assertThat(service.ask("SELECT description FROM transactions.invoice_lines WHERE stock_code = 'gift_0001_20'"))
                .isEqualTo("Dotcomgiftshop Gift Voucher £20.00");

        assertThat(send(SALES).out()).contains("was sent to", "already. 127 rows read");
        try (Stream<Path> kept = Files.list(folder.resolve("client/sent"))) {
            Files.delete(kept.filter(file -> file.toString().endsWith(".json"))
                    .findFirst()
                    .orElseThrow());
        }
        assertThat(send(SALES).out()).contains("127 rows read = 0 accepted + 127 duplicate + 0 rejected.");
        awaitStore(expected);
    }

    @Test
    void a_header_that_names_no_columns_of_the_stream_is_refused_before_a_row_is_sent() throws Exception {
        Path wrong = Files.writeString(
                folder.resolve("wrong-header.csv"),
                "InvoiceNo,stock_code,Amount,InvoiceDate,UnitPrice\nWRONG,a,1,12/1/2010 8:26,2.5\n");
        CommandResult sent = send(wrong);
        assertThat(sent.err())
                .isEqualTo(wrong
                        + ", line 1: Amount is not a column of this stream. Nothing was sent. The header must name these columns:"
                        + " InvoiceNo, StockCode, Description (optional), Quantity, InvoiceDate, UnitPrice, CustomerID (optional),"
                        + " Country (optional).\n");
        assertThat(sent.status()).isEqualTo(1);
        assertThat(service.ask("SELECT count(*) FROM brigade.stream_rejected WHERE row LIKE '%WRONG%'"))
                .isEqualTo("0");
    }

    @Test
    void every_row_is_in_the_archive_once_and_its_files_follow_each_other() throws Exception {
        send(SALES);
        awaitArchive();
        assertThat(service.ask(PlainSales.GAPS)).isEqualTo("0");
        List<String> rows = new ArrayList<>();
        try (Stream<Path> files = Files.walk(services.resolve("transactions/raw"))) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("log-id.txt"))
                    .toList()) {
                assertThat(file.toString())
                        .matches(".*/raw/\\d{4}/\\d\\d/\\d\\d/\\d\\d/0\\d-\\d{12}-\\d{12}\\.jsonl\\.gz");
                rows.addAll(lines(file));
            }
        }
        assertThat(rows).hasSize(Integer.parseInt(service.ask(STORED))).doesNotHaveDuplicates();
        JsonNode one = new ObjectMapper()
                .readTree(rows.stream()
                        .filter(row -> row.contains("gift_0001_20"))
                        .findFirst()
                        .orElseThrow());
        assertThat(one.path("Description").asText()).isEqualTo("Dotcomgiftshop Gift Voucher £20.00");
        assertThat(one.path("InvoiceDate").asText()).isEqualTo("2010-12-05T00:00:00");
    }

    private static List<String> lines(Path file) throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        }
    }

    @Test
    void a_rebuild_fills_empty_tables_of_an_empty_database_from_the_archive_alone(@TempDir Path own) throws Exception {
        String facts = "SELECT md5(string_agg(f::text, '|' ORDER BY source, position)) FROM warehouse.fact_sales f";
        String before;
        try (TestService lost = new TestService(own, Map.of("TRANSACTIONS_ARCHIVE_AGE", "1s"))) {
            assertThat(send(SALES, lost).status()).isZero();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> lost.ask(ARCHIVED).equals("127"));
            await().until(() -> lost.ask(BEHIND).equals("0"));
            before = lost.ask(facts);
        }
        String empty = TestDatabase.newUriWithTables();
        try (TestService unaware = new TestService(own, empty, Map.of())) {
            assertProblem(
                    unaware.post("/transactions", "{}"),
                    409,
                    "has no rows in this database, but its archive",
                    "rebuild transactions");
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                            unaware.get("/observe/health").body())
                    .startsWith("{\"status\":\"DEGRADED\"")
                    .contains("has no rows in this database, but its archive"));
        }
        Map<String, String> other = Map.of(
                "BRIGADE_DATA", own.toString(),
                "BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()),
                "BRIGADE_DATABASE_URL", empty);
        CommandResult rebuilt = CommandResult.of(other, "rebuild", "transactions");
        assertThat(rebuilt.out())
                .contains("127 rows of the archive are in the log.", "All rows of the archive are in the tables.");
        assertThat(rebuilt.status()).as(rebuilt.err()).isZero();
        assertThat(CommandResult.of(other, "rebuild", "transactions").err())
                .contains(
                        "The table transactions.invoice_lines is not empty.",
                        "With --empty it first empties transactions.invoice_lines, ");
        assertThat(CommandResult.of(other, "rebuild", "transactions", "--empty").status())
                .isZero();

        try (TestService again = new TestService(own, empty, Map.of("TRANSACTIONS_ARCHIVE_AGE", "1s"))) {
            assertThat(send(SALES, again).out()).contains("127 rows read = 0 accepted + 127 duplicate + 0 rejected.");
            PlainSales expected = new PlainSales(SALES, WINDOWS);
            assertThat(again.ask(PlainSales.INVOICES)).isEqualTo(expected.invoices());
            assertThat(again.ask(PlainSales.CUSTOMERS)).isEqualTo(expected.customers());
            assertThat(again.ask(facts)).isEqualTo(before);
            assertThat(again.ask("SELECT count(*) FROM brigade.stream_rejected"))
                    .isEqualTo("0");
            Path more = Files.writeString(
                    folder.resolve("more.csv"), HEADER + "900001,a,b,1,1/2/2011 0:00,1,12345,France\n");
            assertThat(send(more, again).out()).contains("1 accepted");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> again.ask(ARCHIVED).equals("128"));
            assertThat(again.ask(PlainSales.GAPS)).isEqualTo("0");
        }
    }

    @Test
    void a_rebuild_names_the_file_that_is_missing_in_the_archive() throws Exception {
        Path hour = Files.createDirectories(folder.resolve("transactions/raw/2026/11/26/10"));
        Files.createFile(hour.resolve("03-000000000002-000000000009.jsonl.gz"));
        Map<String, String> other = Map.of(
                "BRIGADE_DATA", folder.toString(),
                "BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()),
                "BRIGADE_DATABASE_URL", TestDatabase.newUriWithTables());
        assertThat(CommandResult.of(other, "rebuild", "transactions").err())
                .contains("has no file with the position 1 of partition 3");
    }

    @Test
    void an_invoice_over_two_files_is_one() throws Exception {
        String[] names = {"first.csv", "second.csv"};
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.writeString(file, HEADER + "900001,a,b," + name.length() + ",1/2/2011 0:00,1,12345,France\n");
            assertThat(send(file).status()).isZero();
        }
        await().untilAsserted(() -> assertThat(service.ask(PlainSales.INVOICES)).isEqualTo("900001 12345 2 19 19"));
    }

    @Test
    void rows_that_cannot_be_used_are_in_a_file_with_their_lines_and_the_counts_balance() throws Exception {
        Path file = folder.resolve("bad.csv");
        Files.writeString(
                file,
                HEADER + "1,a,\"two\nlines\",1,1/2/2011 0:00,1,1,France\n" + "1,b,c,x,1/2/2011 0:00,1,1,France\n"
                        + "1,too few\n" + "1,d,e,2,1/2/2011 0:00,1,1,France\n");
        CommandResult sent = send(file);
        assertThat(sent.status()).isEqualTo(1);
        assertThat(sent.out()).contains("4 rows read = 2 accepted + 0 duplicate + 2 rejected.", "rejected.csv");
        assertThat(folder.resolve("rejected.csv")).hasContent("""
                line,reason,row
                4,"Quantity is 'x', which is not a whole number.","1,b,c,x,1/2/2011 0:00,1,1,France"
                5,"The row has 2 fields, but the header has 8.","1,too few"
                """);
        await().untilAsserted(() -> assertThat(service.ask(PlainSales.INVOICES)).isEqualTo("1 1 2 3 3"));
    }

    @Test
    void a_column_without_a_name_is_passed_over_where_it_is_empty_and_its_values_reject_their_rows() throws Exception {
        Path file = folder.resolve("trailing.csv");
        String header = "InvoiceNo,StockCode,,Quantity,InvoiceDate,UnitPrice, ,\n";
        Files.writeString(
                file,
                header + "1,a,,1,1/2/2011 0:00,1,,\n" + "1,b,,2,1/2/2011 0:00,1\n" + "1,c,x,1,1/2/2011 0:00,1,,\n"
                        + "1,d,,1,1/2/2011 0:00\n" + "1,e,,1,1/2/2011 0:00,1,,,\n");
        CommandResult sent = send(file);
        assertThat(sent.out()).contains("5 rows read = 2 accepted + 0 duplicate + 3 rejected.");
        assertThat(folder.resolve("rejected.csv")).hasContent("""
                line,reason,row
                4,"The row has a value in column 3, which has no name in the header.","1,c,x,1,1/2/2011 0:00,1,,"
                5,"The row has 5 fields, but the header has 8.","1,d,,1,1/2/2011 0:00"
                6,"The row has 9 fields, but the header has 8.","1,e,,1,1/2/2011 0:00,1,,,"
                """);
        await().untilAsserted(() -> assertThat(service.ask(PlainSales.INVOICES)).startsWith("1 "));
    }

    @Test
    void replay_tries_rejected_rows_once_more_and_says_what_is_still_rejected() throws Exception {
        Path file = folder.resolve("bad.csv");
        Files.writeString(file, HEADER + "1,b,c,x,1/2/2011 0:00,1,1,France\n");
        send(file);
        Map<String, String> environment = Map.of("BRIGADE_HTTP_PORT", Integer.toString(service.port()));
        CommandResult still = CommandResult.of(environment, "replay", "transactions");
        assertThat(still.out())
                .containsPattern(
                        "0 rows replayed, 1 still rejected:\\n  row \\d+: Quantity is 'x', which is not a whole number\\.");
        assertThat(still.status()).isEqualTo(1);
        service.execute("UPDATE brigade.stream_rejected SET row = replace(row, '\"x\"', '\"7\"')");
        CommandResult replayed = CommandResult.of(environment, "replay", "transactions");
        assertThat(replayed.out()).contains("1 row replayed, 0 still rejected.");
        await().untilAsserted(() -> assertThat(service.ask(PlainSales.INVOICES)).isEqualTo("1 1 1 7 7"));
        assertThat(CommandResult.of(environment, "replay", "orders").err()).contains("There is no stream orders");
        assertThat(CommandResult.of(environment, "replay", "No/where").status()).isEqualTo(2);
    }

    @Test
    void a_byte_order_mark_and_semicolons_are_understood_and_an_open_quote_is_refused_before_anything_is_sent()
            throws Exception {
        Path semicolons = folder.resolve("semicolons.csv");
        Files.writeString(semicolons, "\uFEFF" + HEADER.replace(',', ';') + "1;b;c;3;1/2/2011 0:00;1;1;France\n");
        assertThat(send(semicolons).out()).contains("1 row read = 1 accepted");
        Path open = folder.resolve("open.csv");
        Files.writeString(open, HEADER + "1,b,c,3,1/2/2011 0:00,1,1,\"France\n".repeat(3));
        assertThat(send(open).err()).contains("odd number of double quotes", "Nothing was sent.");
        Path itself = Files.writeString(folder.resolve("itself.csv"), HEADER + "2,b,c,3,1/2/2011 0:00,1,1,France\n");
        assertThat(send(itself, "--rejected", itself.toString()).err())
                .contains("is the file that is sent, which is never overwritten");
    }

    @Test
    void it_waits_for_a_service_that_is_away_and_goes_on() throws Exception {
        service.close();
        Thread back = new Thread(() -> {
            try {
                Thread.sleep(1500);
                service.startAgain();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        back.start();
        CommandResult sent = send(SALES);
        back.join();
        assertThat(sent.out())
                .contains(
                        "Waiting for " + service.address("/transactions") + " (0 s): The service does not answer.",
                        "127 accepted");
        assertThat(sent.status()).isZero();
    }

    @Test
    void it_gives_up_after_its_patience_and_says_what_to_do() {
        CommandResult sent = CommandResult.of(
                Map.of("BRIGADE_DATA", folder.toString()),
                "send",
                SALES.toString(),
                "http://localhost:" + TestService.freePort() + "/transactions",
                "--patience",
                "1s");
        assertThat(sent.status()).isEqualTo(1);
        assertThat(sent.err()).contains("No service answers at", "it goes on where it stopped");
    }

    @Test
    void a_key_that_no_header_can_have_is_refused_without_being_shown() {
        CommandResult sent = CommandResult.of(
                Map.of("BRIGADE_DATA", folder.toString(), "BRIGADE_API_KEY", "geh\u00e9im"),
                "send",
                SALES.toString(),
                "http://localhost:1/x");
        assertThat(sent.status()).isEqualTo(1);
        assertThat(sent.err()).contains("BRIGADE_API_KEY").doesNotContain("geh");
    }

    @Test
    void what_is_no_stream_is_refused_in_words() throws Exception {
        assertThat(CommandResult.of(Map.of(), "send", SALES.toString(), "nonsense")
                        .status())
                .isEqualTo(2);
        assertThat(CommandResult.of(
                                Map.of("BRIGADE_DATA", folder.resolve("client").toString()),
                                "send",
                                SALES.toString(),
                                service.address("/nowhere"))
                        .err())
                .contains("There is nothing at /nowhere");
        assertThat(send(folder.resolve("none.csv")).err()).contains("none.csv does not exist.");
        Path empty = Files.createFile(folder.resolve("empty.csv"));
        assertThat(send(empty).err()).contains("empty.csv is empty.");
    }
}
