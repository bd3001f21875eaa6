package io.bucketbrigade.pipelines.transactions;

import static io.bucketbrigade.pipelines.transactions.BulkFolder.HEADER;
import static io.bucketbrigade.pipelines.transactions.BulkFolder.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.support.TestService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rebuild where rows came from files, which no archive has. */
@Tag("slow")
class RebuiltFilesTest {
    private static final String LINES =
            "SELECT string_agg(invoice_no || ' ' || lines, ', ' ORDER BY invoice_no) FROM transactions.invoices";
    private static final String CUSTOMER =
            "SELECT i.customer_id || ' ' || t.customer_id FROM transactions.invoices i, warehouse.invoice_totals t"
                    + " WHERE i.invoice_no = 'MIXED' AND t.invoice_no = 'MIXED'";
    private static final String RUNS = "SELECT count(*) FROM brigade.runs";

    private static CommandResult rebuild(TestService service, Path data, String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "rebuild";
        arguments[1] = "transactions";
        System.arraycopy(options, 0, arguments, 2, options.length);
        return CommandResult.of(
                Map.of(
                        "BRIGADE_DATA", data.toString(),
                        "BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()),
                        "BRIGADE_DATABASE_URL", service.databaseUri()),
                arguments);
    }

    private static void assertRefused(CommandResult rebuilt, String why, String lost) {
        assertThat(rebuilt.err())
                .contains(
                        "1 file that was loaded is not in ",
                        why,
                        "A rebuild would lose its " + lost
                                + ", because the archive does not have rows of files; nothing was done.",
                        "or add --without-files to give up these rows.");
        assertThat(rebuilt.out()).isEmpty();
        assertThat(rebuilt.status()).isEqualTo(1);
    }

    @Test
    void rows_of_files_that_are_gone_are_not_lost_unasked_and_the_others_come_after_the_archive(@TempDir Path own)
            throws Exception {
        Path bulk = Files.createDirectories(own.resolve("transactions/bulk"));
        Path gone = Files.writeString(bulk.resolve("gone.csv"), HEADER + BulkFolder.lines("GONE", 5));
        String kept = HEADER + "MIXED,f,,1,12/1/2010 8:26,2.5,30001,France\n" + BulkFolder.lines("KEPT", 6);
        Path packed = Files.write(bulk.resolve("kept.csv.gz"), BulkFolder.gzip(kept.getBytes(StandardCharsets.UTF_8)));
        try (TestService service = new TestService(
                own, Map.of("TRANSACTIONS_ARCHIVE_AGE", "1s", "TRANSACTIONS_BULK_SCHEDULE", "0 0 29 2 *"))) {
            await().atMost(PATIENCE)
                    .until(() -> service.ask(LINES).equals("GONE 5, KEPT 6, MIXED 1")
                            && service.latestRun().path("state").asText().equals("succeeded"));
            assertThat(service.post(
                                    "/transactions",
                                    "{\"InvoiceNo\":\"MIXED\",\"StockCode\":\"s\",\"Quantity\":1,\"InvoiceDate\":\"2010-12-01T08:26:00\","
                                            + "\"UnitPrice\":2.5,\"CustomerID\":\"30002\"}")
                            .statusCode())
                    .isEqualTo(200);
            await().atMost(PATIENCE).until(() -> service.ask(LINES).equals("GONE 5, KEPT 6, MIXED 2"));
            await().atMost(PATIENCE)
                    .until(() -> service.ask("SELECT count(*) FROM brigade.stream_archive WHERE written_at IS NOT NULL")
                            .equals("1"));
            assertThat(service.ask(CUSTOMER)).isEqualTo("30001 30001");
            service.close();
            String runs = service.ask(RUNS);

            Files.delete(gone);
            Path unpacked = Files.writeString(bulk.resolve("renamed.csv"), kept);
            Files.delete(packed);
            assertRefused(rebuild(service, own, "--empty"), gone + " (5 rows)", "5 rows");
            assertThat(service.ask(LINES)).isEqualTo("GONE 5, KEPT 6, MIXED 2");
            assertThat(service.ask("SELECT rebuilding FROM brigade.stream_logs"))
                    .isEqualTo("f");

            CommandResult rebuilt = rebuild(service, own, "--empty", "--without-files");
            assertThat(rebuilt.out())
                    .as(rebuilt.err())
                    .endsWith("All rows of the archive are in the tables.\n"
                            + "Given up: 1 file with 5 rows, which is not in " + bulk + " any more.\n"
                            + "1 file with 7 rows in " + bulk + " is loaded again when the service starts.\n");
            assertThat(service.ask(LINES)).as("of the archive alone").isEqualTo("MIXED 1");
            assertThat(service.ask(RUNS)).as("no file was tried").isEqualTo(runs);

            Path aside = Files.move(unpacked, own.resolve("aside.csv"));
            assertRefused(rebuild(service, own, "--empty"), packed + " (7 rows)", "7 rows");
            Files.move(aside, unpacked);

            service.startAgain();
            await().atMost(PATIENCE).until(() -> service.ask(LINES).equals("KEPT 6, MIXED 2"));
            assertThat(service.ask(CUSTOMER)).as("named first by the archive").isEqualTo("30002 30002");
            assertThat(service.ask("SELECT count(*) || ' ' || bool_or(is_wanted) FROM brigade.loaded_files"))
                    .isEqualTo("1 false");
        }
    }
}
