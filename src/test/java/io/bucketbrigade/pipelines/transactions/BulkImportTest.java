package io.bucketbrigade.pipelines.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.cli.Sent;
import io.bucketbrigade.support.FolderCopy;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

class BulkImportTest extends BulkFolder {
    @Test
    void files_give_the_same_tables_as_their_rows_sent_in_order(@TempDir Path own) throws Exception {
        List<String> sales =
                new String(Files.readAllBytes(SALES), WINDOWS).lines().toList();
        // The second half begins within an invoice.
        int half = IntStream.range(sales.size() / 2, sales.size())
                .filter(at -> invoice(sales.get(at)).equals(invoice(sales.get(at - 1))))
                .findFirst()
                .orElseThrow();
        String first = String.join("\n", sales.subList(0, half)) + "\n";
        String second = sales.get(0) + "\n" + String.join("\n", sales.subList(half, sales.size()));
        try (TestService streamed = new TestService(own.resolve("streamed"), Map.of());
                TestService bulk =
                        new TestService(own.resolve("bulk"), Map.of("TRANSACTIONS_BULK_SCHEDULE", "0 0 29 2 *"))) {
            Path inOne = Files.write(own.resolve("all.csv"), Files.readAllBytes(SALES));
            assertThat(Sent.file(inOne, streamed.address("/transactions"), own)).isZero();
            Path folderOfBulk = Files.createDirectories(own.resolve("bulk/transactions/bulk"));
            Files.write(folderOfBulk.resolve("1.csv"), first.getBytes(WINDOWS));
            Files.write(folderOfBulk.resolve("2.csv.gz"), gzip(second.getBytes(StandardCharsets.UTF_8)));
            Files.writeString(folderOfBulk.resolve("notes.txt"), "not a file of sales");
            ask(bulk);
            await().atMost(PATIENCE)
                    .until(() -> bulk.ask("SELECT count(*) FROM warehouse.fact_sales")
                                    .equals("127")
                            && bulk.latestRun().path("state").asText().equals("succeeded"));
            await().atMost(PATIENCE)
                    .until(() -> streamed.ask("SELECT count(*) FROM warehouse.fact_sales")
                                    .equals("127")
                            && streamed.ask("SELECT count(*) FROM transactions.invoice_lines")
                                    .equals("127"));
            assertThat(tables(bulk)).isEqualTo(tables(streamed));
            assertThat(bulk.ask("SELECT count(DISTINCT source) || ' ' || min(source) FROM warehouse.fact_sales"))
                    .isEqualTo("2 1000");
            assertThat(
                            bulk.ask(
                                    "SELECT min(position) || ' ' || max(position) FROM warehouse.fact_sales WHERE source = 1000"))
                    .as("the lines of the file")
                    .isEqualTo("2 " + half);
            PlainInsights twin = new PlainInsights(SALES, WINDOWS, time -> true);
            assertThat(JSON.readTree(
                            bulk.get("/transactions/insights/sales?by=year").body()))
                    .hasSameSizeAs(twin.sales("year"));
        }
    }

    private static String invoice(String line) {
        return line.substring(0, line.indexOf(','));
    }

    @Test
    void a_row_that_cannot_be_used_is_kept_with_its_line_and_can_be_corrected() throws Exception {
        put(
                "bad-rows.csv",
                HEADER + lines("BAD", 20) + "BAD,x,\"two\nlines\",six,12/1/2010 8:26,2.5,,France\n" + lines("BAD", 10)
                        + "BAD,too,few\n");
        JsonNode run = load("bad-rows.csv");
        assertThat(counts(run)).as(run.toString()).isEqualTo("succeeded 32 = 30 + 2");
        assertThat(service.get("/runs/" + run.path("id").asInt() + "/rejected.csv")
                        .body())
                .contains(
                        "bad-rows.csv,22,\"Quantity is 'six', which is not a whole number.\"",
                        "bad-rows.csv,34,\"The row has 3 fields, but the header has 8.\"");
        String shortRow = service.ask("SELECT rejected_id FROM brigade.stream_rejected WHERE row LIKE '[%BAD%'");
        assertThat(service.post("/streams/transactions/rejected/" + shortRow, "")
                        .body())
                .as("tried as it was, it keeps its reason")
                .contains("\"rejected\":1", "The row has 3 fields, but the header has 8.");
        String id = service.ask("SELECT rejected_id FROM brigade.stream_rejected WHERE row LIKE '%six%'");
        assertThat(service.post(
                                "/streams/transactions/rejected/" + id,
                                "{\"InvoiceNo\":\"BAD\",\"StockCode\":\"x\",\"Quantity\":6,\"InvoiceDate\":\"12/1/2010 8:26\",\"UnitPrice\":2.5}")
                        .body())
                .contains("\"replayed\":1");
        await().atMost(PATIENCE).until(() -> lines("BAD").equals("31"));
        assertThat(
                        service.ask(
                                "SELECT lines || ' ' || quantity || ' ' || total FROM transactions.invoices WHERE invoice_no = 'BAD'"))
                .isEqualTo("31 36 90.0");
    }

    @Test
    void a_separator_at_the_end_of_lines_is_no_column_unless_a_value_follows_it() throws Exception {
        put(
                "comma.csv",
                HEADER.strip() + ",\n"
                        + lines("COMMA", 10).lines().map(line -> line + ",\n").collect(Collectors.joining())
                        + lines("COMMA", 2)
                        + lines("COMMA", 1).strip() + ",more\n");
        assertThat(counts(load("comma.csv"))).isEqualTo("succeeded 13 = 12 + 1");
        assertThat(service.ask("SELECT reason || ' ' || row FROM brigade.stream_rejected WHERE row LIKE '%more%'"))
                .startsWith("The row has a value in column 9, which has no name in the header. [\"COMMA\",");
    }

    @Test
    void rejected_rows_are_written_only_when_they_are_known_not_to_be_too_many() throws Exception {
        String numbersGiven = "SELECT last_value FROM pg_sequences WHERE schemaname || '.' || sequencename ="
                + " replace(pg_get_serial_sequence('brigade.stream_rejected', 'rejected_id'), '\"', '')";
        String before = service.ask(numbersGiven);
        put("too-many.csv", HEADER + lines("MANY", 5000) + "MANY,x\n".repeat(3000));
        assertThat(load("too-many.csv").path("error").asText())
                .startsWith("too-many.csv, line 5002: The row has 2 fields, but the header has 8; 3,000 of 8,000 rows");
        assertThat(service.ask(numbersGiven))
                .as("nothing was written and taken back")
                .isEqualTo(before);

        put("many.csv", HEADER + lines("MANY", 25_000) + "MANY,x\n".repeat(2100));
        assertThat(counts(load("many.csv"))).isEqualTo("succeeded 27100 = 25000 + 2100");
        assertThat(service.ask("SELECT count(*) FROM brigade.stream_rejected WHERE row LIKE '%MANY%'"))
                .isEqualTo("2100");
    }

    @Test
    void a_small_file_that_is_huge_when_it_is_unpacked_is_refused_at_once() throws Exception {
        put("bomb.csv.gz", gzip("x\n".repeat(34 << 20).getBytes(StandardCharsets.UTF_8)));
        assertThat(load("bomb.csv.gz").path("error").asText())
                .isEqualTo(
                        "bomb.csv.gz has more than 100 times its size when it is unpacked, which no file of rows has."
                                + " If it is right, put it there unpacked.");
    }

    @Test
    void a_file_that_cannot_be_used_says_where_and_the_others_are_loaded() throws Exception {
        put("a-header.csv", HEADER.replace("Quantity", "Amount") + lines("NEVER", 3));
        put("a-hole.csv", HEADER.replace("Quantity,", "") + lines("NEVER", 3));
        put("a-quote.csv", HEADER + "NEVER,\"x\"y,,1,12/1/2010 8:26,2.5,,\n");
        put("a-utf-16.csv", (HEADER + lines("NEVER", 3)).getBytes(StandardCharsets.UTF_16));
        put("a-wide-field.csv", HEADER + "NEVER," + "x".repeat(17 << 20) + ",,1,12/1/2010 8:26,2.5,,\n");
        put("an-open-quote.csv", HEADER + "NEVER,\"x,,1,12/1/2010 8:26,2.5,,\n");
        put("bad.csv", HEADER + lines("NEVER", 3) + "NEVER,a,,1,tomorrow,2.5,,\n");
        put("broken.csv.gz", Arrays.copyOf(gzip((HEADER + lines("NEVER", 300)).getBytes(StandardCharsets.UTF_8)), 100));
        put("empty.csv", "");
        put("only-header.csv", HEADER);
        put("whole.csv", HEADER + lines("WHOLE", 3));
        assertThat(counts(load("whole.csv"))).isEqualTo("succeeded 3 = 3 + 0");
        Map<String, String> errors = new HashMap<>();
        for (JsonNode run : service.runs()) {
            String path = run.path("inputs").path(0).path("path").asText();
            errors.putIfAbsent(
                    path.substring(path.lastIndexOf('/') + 1), run.path("error").asText());
        }
        assertThat(errors.get("a-header.csv"))
                .isEqualTo(
                        "a-header.csv, line 1, column Amount: Amount is not a column of this stream. The header must name these columns:"
                                + " InvoiceNo, StockCode, Description (optional), Quantity, InvoiceDate, UnitPrice, CustomerID (optional),"
                                + " Country (optional).");
        assertThat(errors.get("a-hole.csv")).startsWith("a-hole.csv, line 1, column Quantity: Quantity is missing.");
        assertThat(errors.get("a-quote.csv")).startsWith("a-quote.csv, behind line 1: this is not CSV.");
        assertThat(errors.get("a-utf-16.csv"))
                .isEqualTo("a-utf-16.csv: this is text in UTF-16. Save the file as CSV in UTF-8.");
        assertThat(errors.get("a-wide-field.csv"))
                .startsWith("a-wide-field.csv, behind line 1: a row is larger than 16 MiB, the most that is read.");
        assertThat(errors.get("an-open-quote.csv")).contains("odd number of double quotes");
        assertThat(errors.get("bad.csv"))
                .startsWith("bad.csv, line 5: InvoiceDate is 'tomorrow', which is not a date and time")
                .contains(
                        "M/d/yyyy[ H:mm[:ss]]; 1 of 4 rows can't be used (25%), more than TRANSACTIONS_BULK_MAX_REJECTED allows (10%)");
        assertThat(errors.get("broken.csv.gz")).contains("is damaged, or not whole");
        assertThat(errors.get("empty.csv")).startsWith("empty.csv is empty.");
        assertThat(errors.get("only-header.csv")).isEqualTo("null");
        assertThat(lines("NEVER")).isEqualTo("0");
        assertThat(service.ask("SELECT count(*) FROM brigade.stream_rejected WHERE row LIKE '%NEVER%'"))
                .isEqualTo("0");

        put("a-hole.csv", HEADER + lines("CORRECTED", 4));
        assertThat(counts(load("a-hole.csv"))).isEqualTo("succeeded 4 = 4 + 0");
    }

    @Test
    void a_replay_does_the_run_of_that_file_again_and_no_other() throws Exception {
        put("not-replayed.csv", "a\n");
        put("replayed.csv", "b\n");
        JsonNode failed = load("replayed.csv");
        long last = service.latestRun("transactions").path("id").asLong();
        long number = failed.path("id").asLong();
        assertThat(service.post("/runs/" + number + "/replay", "").statusCode()).isEqualTo(202);
        JsonNode again = await().atMost(PATIENCE).until(() -> run(service, "replayed.csv", last), run -> run.path("id")
                .isNumber());
        assertThat(again.path("trigger").asText()).isEqualTo("replay of run " + number);
        put("after.csv", HEADER);
        load("after.csv");
        assertThat(service.ask("SELECT count(*) FROM brigade.runs WHERE trigger = 'replay of run " + number + "'"))
                .isEqualTo("1");
    }

    @Test
    void a_file_is_loaded_once_whatever_its_name_its_time_and_its_packing() throws Exception {
        String text = HEADER + lines("ONCE", 5);
        put("once.csv", text);
        assertThat(counts(load("once.csv"))).isEqualTo("succeeded 5 = 5 + 0");
        Path there = folder.resolve("service/transactions/bulk/once.csv");
        Files.setLastModifiedTime(there, FileTime.fromMillis(0));
        JsonNode touched = load("once.csv");
        assertThat(counts(touched)).isEqualTo("succeeded 0 = 0 + 0");
        assertThat(touched.path("notes").toString())
                .contains("rows of it were loaded before, from ", "once.csv in run ");
        put("copy.csv", text);
        assertThat(counts(load("copy.csv"))).isEqualTo("succeeded 0 = 0 + 0");
        put("packed.csv.gz", gzip(text.getBytes(StandardCharsets.UTF_8)));
        assertThat(counts(load("packed.csv.gz"))).isEqualTo("succeeded 0 = 0 + 0");
        assertThat(lines("ONCE")).isEqualTo("5");
    }

    @Test
    void rows_of_a_file_that_is_sent_too_are_one_row_because_they_carry_the_same_key(@TempDir Path own)
            throws Exception {
        Path sent = Files.writeString(own.resolve("sent.csv"), HEADER + lines("SENT", 7));
        assertThat(Sent.file(sent, service.address("/transactions"), own)).isZero();
        put("sent.csv", Files.readString(sent));
        JsonNode run = load("sent.csv");
        assertThat(counts(run)).isEqualTo("succeeded 0 = 0 + 0");
        assertThat(run.path("notes").toString())
                .contains("\"rows of it were sent before, and were not loaded once more\":7");
        await().atMost(PATIENCE).until(() -> lines("SENT").equals("7"));

        put("loaded.csv", HEADER + lines("LOADED", 4));
        assertThat(counts(load("loaded.csv"))).isEqualTo("succeeded 4 = 4 + 0");
        Path loaded = Files.writeString(own.resolve("loaded.csv"), HEADER + lines("LOADED", 4));
        assertThat(Sent.file(loaded, service.address("/transactions"), own)).isZero();
        assertThat(service.ask("SELECT count(*) FROM brigade.stream_transactions WHERE row ->> 'InvoiceNo' = 'LOADED'"))
                .isEqualTo("0");
    }

    @Test
    void while_a_file_waits_for_a_lock_the_stream_goes_on_and_totals_are_right_afterwards() throws Exception {
        put("first.csv", HEADER + "BUSY,a,,1,12/1/2010 8:26,1,30001,France\n");
        load("first.csv");
        try (Connection other = service.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT FROM warehouse.invoice_totals WHERE invoice_no = 'BUSY' FOR UPDATE");
            put(
                    "second.csv",
                    HEADER + "BUSY,a,,1,12/1/2010 8:26,10,30001,France\nBUSY2,a,,1,12/1/2010 8:26,100,30002,\n");
            ask(service);
            await().atMost(PATIENCE).until(() -> service.ask(
                            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
                    .equals("1"));
            service.post(
                    "/transactions",
                    "[{\"InvoiceNo\":\"BUSY\",\"StockCode\":\"a\",\"Quantity\":1,\"InvoiceDate\":\"2010-12-01\",\"UnitPrice\":1000,\"CustomerID\":\"30001\"},"
                            + "{\"InvoiceNo\":\"BUSY2\",\"StockCode\":\"a\",\"Quantity\":1,\"InvoiceDate\":\"2010-12-01\",\"UnitPrice\":10000,\"CustomerID\":\"30002\"}]",
                    "Content-Type",
                    "application/json");
            await().atMost(PATIENCE)
                    .until(() -> total("30001").equals("1001") && total("30002").equals("10000"));
            other.rollback();
        }
        await().atMost(PATIENCE)
                .until(() -> total("30001").equals("1011") && total("30002").equals("10100"));
        assertThat(
                        service.ask(
                                "SELECT string_agg(invoices::text, ' ') FROM transactions.customers WHERE customer_id IN ('30001', '30002')"))
                .isEqualTo("1 1");
    }

    @Test
    void a_file_is_broken_off_when_the_service_stops_and_loaded_when_it_starts_again(@TempDir Path own)
            throws Exception {
        try (TestService stopped = new TestService(own, Map.of("TRANSACTIONS_BULK_SCHEDULE", "0 0 29 2 *"))) {
            Path bulk = Files.createDirectories(own.resolve("transactions/bulk"));
            assertThat(stopped.post(
                                    "/pipelines/transactions/again",
                                    "{\"why\": \"for the test\"}",
                                    "Content-Type",
                                    "application/json")
                            .body())
                    .contains("There is no new file called *.csv or *.csv.gz in " + bulk + ".");
            try (Connection other = stopped.connect();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("LOCK TABLE transactions.invoices IN EXCLUSIVE MODE");
                Files.writeString(bulk.resolve("LONG.CSV"), HEADER + lines("LONG", 3));
                ask(stopped);
                await().atMost(PATIENCE)
                        .until(() -> stopped.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                        + " AND datname = current_database()")
                                .equals("1"));
                stopped.close();
                assertThat(stopped.ask(
                                "SELECT state || ': ' || error FROM brigade.runs WHERE pipeline = 'transactions'"))
                        .isEqualTo("released: The service was stopped; the run is done again when it starts.");
                other.rollback();
            }
            stopped.startAgain();
            await().atMost(PATIENCE).until(() -> stopped.ask("SELECT count(*) FROM transactions.invoice_lines")
                    .equals("3"));
        }
    }

    @Test
    void while_the_tables_are_rebuilt_no_file_is_loaded_and_an_empty_log_accepts_no_rows(@TempDir Path own)
            throws Exception {
        try (TestService rebuilt = new TestService(own, Map.of("TRANSACTIONS_BULK_SCHEDULE", "0 0 29 2 *"))) {
            rebuilt.execute("UPDATE brigade.stream_logs SET rebuilding = true, restoring = true");
            rebuilt.close();
            rebuilt.startAgain();
            assertThat(rebuilt.post("/transactions", "[]").body())
                    .contains("is being rebuilt from its archive, so it accepts no rows", "\"status\":409");
            Path bulk = Files.createDirectories(own.resolve("transactions/bulk"));
            Files.writeString(bulk.resolve("wait.csv"), HEADER + lines("WAIT", 3));
            ask(rebuilt);
            await().atMost(PATIENCE)
                    .until(() -> rebuilt.latestRun().path("state").asText().equals("failed"));
            assertThat(rebuilt.latestRun().path("error").asText())
                    .contains("are being rebuilt, and no file is loaded meanwhile");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            rebuilt.get("/observe/health").body())
                    .contains("DEGRADED", "If no ./brigade rebuild is at work, it was interrupted"));
            rebuilt.execute("UPDATE brigade.stream_logs SET rebuilding = false, restoring = false");
            rebuilt.close();
            rebuilt.startAgain();
            assertThat(rebuilt.post("/transactions", "[]").statusCode()).isEqualTo(200);
            ask(rebuilt);
            await().atMost(PATIENCE).until(() -> rebuilt.ask("SELECT count(*) FROM transactions.invoice_lines")
                    .equals("3"));
        }
    }

    private String total(String customer) throws Exception {
        return service.ask("SELECT coalesce((SELECT total::text FROM transactions.customers WHERE customer_id = '"
                + customer + "'), '')");
    }

    @Test
    void files_in_a_bucket_are_loaded_at_the_start(@TempDir Path own) throws Exception {
        TestBuckets buckets = TestBuckets.s3Proxy();
        String bucket = buckets.newBucket();
        for (int at = 0; at < 12; at++) {
            buckets.put(bucket, "sales/" + at + ".csv", HEADER + lines("S" + at, at + 1));
        }
        byte[] packed = gzip((HEADER + lines("PACKED", 3)).getBytes(StandardCharsets.UTF_8));
        buckets.client()
                .putObject(request -> request.bucket(bucket).key("sales/x.csv.gz"), RequestBody.fromBytes(packed));
        Map<String, String> environment = new HashMap<>(buckets.environment());
        environment.put("TRANSACTIONS_BULK", "s3://" + bucket + "/sales");
        try (TestService other = new TestService(own, environment)) {
            await().atMost(PATIENCE).until(() -> other.ask("SELECT count(*) FROM transactions.invoice_lines")
                    .equals("81"));
            assertThat(
                            other.ask(
                                    "SELECT count(*) FROM brigade.runs WHERE state = 'succeeded' AND pipeline = 'transactions'"))
                    .isEqualTo("13");
        }
    }

    @Test
    void golden_samples_come_out_as_expected() {
        CommandResult samples = CommandResult.of(Map.of(), "test", "transactions");
        assertThat(samples.out()).as(samples.err()).isEqualTo("17 samples: all as expected.\n");
    }

    @Test
    void a_golden_sample_is_loaded_and_sent_and_both_must_come_out_as_expected(@TempDir Path home) throws Exception {
        FolderCopy.copy(TestService.HOME.resolve("routes"), home.resolve("routes"));
        Path sample = Files.createDirectories(home.resolve("samples/transactions/one-line-too-many"));
        Files.writeString(sample.resolve("sales.csv"), HEADER + lines("G", 2));
        Files.writeString(sample.resolve("transactions.invoices.expected.csv"), "lines,invoice_no\n3,G\n");
        Files.writeString(sample.resolve("warehouse.sales_by_hour.expected.csv"), "hour,row_count\n");
        String same = "transactions.invoices, line 2: expected 3,G, but was 2,G\n";
        String columns =
                "warehouse.sales_by_hour, line 1: expected hour,row_count, but was a table without one of these columns\n";
        assertThat(CommandResult.of(Map.of("BRIGADE_HOME", home.toString()), "test", "transactions")
                        .out())
                .isEqualTo("FAILED transactions/one-line-too-many\n       " + same + "       " + columns
                        + "       when its rows are sent: " + same + "       when its rows are sent: " + columns
                        + "1 sample: 1 not as expected.\n");
    }
}
