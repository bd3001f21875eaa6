package io.bucketbrigade.pipelines.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database is lost, rebuilt from the archive, and all is sent and loaded once more. */
@Tag("slow")
class RebuiltKeysTest {
    private static final String ARCHIVED =
            "SELECT coalesce(sum(last - first + 1), 0) FROM brigade.stream_archive WHERE written_at IS NOT NULL";
    private static final String STORED = "SELECT sum(position) FROM brigade.stream_partitions";
    private static final String LINES =
            "SELECT string_agg(invoice_no || ' ' || lines, ', ' ORDER BY invoice_no) FROM (SELECT invoice_no, count(*) AS lines"
                    + " FROM transactions.invoice_lines WHERE invoice_no IN ('PART', 'POST') GROUP BY invoice_no) AS invoices";
    private static final String SENT =
            "SELECT count(*) FROM transactions.invoice_lines WHERE invoice_no NOT IN ('PART', 'POST')";
    private static final Pattern ROWS = Pattern.compile("(\\d{12})-(\\d{12})\\.jsonl\\.gz$");

    private static String row(String invoice, int number) {
        return "{\"InvoiceNo\":\"" + invoice + "\",\"StockCode\":\"c" + number
                + "\",\"Quantity\":1,\"InvoiceDate\":\"2010-12-01T08:26:00\",\"UnitPrice\":2.5,\"Country\":\"France\"}";
    }

    private static String post(TestService service, String key, String invoice, int rows) throws Exception {
        return service.post(
                        "/transactions",
                        IntStream.range(0, rows)
                                .mapToObj(number -> row(invoice, number))
                                .collect(Collectors.joining(",", "[", "]")),
                        "Idempotency-Key",
                        key)
                .body();
    }

    private static String send(Path file, TestService service, Path own) {
        return CommandResult.of(
                        Map.of("BRIGADE_DATA", own.resolve("client").toString()),
                        "send",
                        file.toString(),
                        service.address("/transactions"))
                .out();
    }

    private static void awaitArchive(TestService service) {
        await().atMost(BulkFolder.PATIENCE).until(() -> service.ask(ARCHIVED).equals(service.ask(STORED)));
    }

    /** As if the database had been lost just before a file of the archive was written; gives how many rows that had. */
    private static int removeLast(Path archive, String partition) throws Exception {
        try (Stream<Path> files = Files.walk(archive)) {
            Path last = files.filter(file -> file.getFileName().toString().startsWith(partition + "-"))
                    .max(Comparator.comparing(file -> file.getFileName().toString()))
                    .orElseThrow();
            Matcher rows = ROWS.matcher(last.toString());
            assertThat(rows.find()).isTrue();
            Files.delete(last);
            return Integer.parseInt(rows.group(2)) - Integer.parseInt(rows.group(1)) + 1;
        }
    }

    @Test
    void whatever_is_sent_and_loaded_once_more_after_a_rebuild_is_there_once(@TempDir Path own) throws Exception {
        Path data = own.resolve("service");
        Map<String, String> environment =
                Map.of("TRANSACTIONS_ARCHIVE_AGE", "1s", "TRANSACTIONS_BULK_SCHEDULE", "0 0 29 2 *");
        String part = BulkFolder.HEADER + BulkFolder.lines("PART", 40);
        String partKey = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(part.getBytes(StandardCharsets.UTF_8)));
        Path sales = Files.copy(BulkFolder.SALES, own.resolve("sales.csv"));
        try (TestService service = new TestService(data, environment)) {
            assertThat(post(service, "retried", "POST", 3)).contains("\"accepted\":3");
            assertThat(post(service, partKey, "PART", 15)).contains("\"accepted\":15");
            awaitArchive(service);
            assertThat(send(sales, service, own)).contains("127 accepted");
            awaitArchive(service);
            String partition = service.ask(
                    "SELECT to_char(partition, 'FM00') FROM brigade.stream_archive ORDER BY begun_at DESC LIMIT 1");
            Path bulk = Files.createDirectories(data.resolve("transactions/bulk"));
            Files.writeString(bulk.resolve("part.csv"), part);
            BulkFolder.ask(service);
            await().atMost(BulkFolder.PATIENCE).until(() -> service.ask(LINES).equals("PART 40, POST 3"));
            service.close();
            int unarchived = removeLast(data.resolve("transactions/raw"), partition);
            assertThat(unarchived).isBetween(1, 126);

            String empty = TestDatabase.newUriWithTables();
            Map<String, String> other = new HashMap<>(environment);
            other.put("BRIGADE_DATA", data.toString());
            other.put("BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()));
            other.put("BRIGADE_DATABASE_URL", empty);
            CommandResult rebuilt = CommandResult.of(other, "rebuild", "transactions");
            assertThat(rebuilt.out())
                    .as(rebuilt.err())
                    .contains(
                            145 - unarchived + " rows of the archive are in the log.",
                            "1 file in " + bulk + " is loaded when the service starts.");

            // A service that starts loads the files that are new to its database.
            service.startAgain(empty);
            await().atMost(BulkFolder.PATIENCE).until(() -> BulkFolder.run(service, "part.csv", 0)
                    .path("state")
                    .asText()
                    .equals("succeeded"));
            assertThat(BulkFolder.run(service, "part.csv", 0).toString())
                    .contains("\"rows of it were sent before, and were not loaded once more\":15");
            assertThat(post(service, "retried", "POST", 3)).contains("\"accepted\":0,\"duplicate\":3");
            assertThat(post(service, partKey, "PART", 40)).contains("\"accepted\":0,\"duplicate\":40");
            assertThat(send(sales, service, own))
                    .contains(
                            "has another database than the one to which 127 rows",
                            "127 rows read = " + unarchived + " accepted + " + (127 - unarchived)
                                    + " duplicate + 0 rejected.");
            await().atMost(BulkFolder.PATIENCE).until(() -> service.ask(SENT).equals("127"));
            assertThat(service.ask(LINES)).isEqualTo("PART 40, POST 3");
            assertThat(send(sales, service, own)).contains("already. 127 rows read");
        }
    }
}
