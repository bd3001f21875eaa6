package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.pipelines.transactions.PlainSales;
import io.bucketbrigade.support.BuiltProgram;
import io.bucketbrigade.support.TestKafka;
import io.bucketbrigade.support.TestService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the program, its PostgreSQL, both, or the client, at random moments while a file is sent to a stream, until the client is done. Then
 * each row of the file is in the store and in the archive once. {@code -Dcrashes=200} is the long form. With {@code -Dbuffer=kafka} rows go
 * through Kafka, and its broker is killed too.
 */
@Tag("slow")
class StreamCrashIT {
    private static final boolean HAS_KAFKA = "kafka".equals(System.getProperty("buffer"));
    private static final int CRASHES = Integer.getInteger("crashes", 6);
    private static final long SEED = Long.getLong("crashes.seed", System.nanoTime());
    private static final int LATEST_KILL_MS = 1500;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** So many are sent between two crashes, at this rate. */
    private static final int ROWS_PER_CRASH = 4000;

    private static final int ROWS_PER_SECOND = 2000;

    private static final String WAREHOUSE = """
            SELECT (SELECT array_agg((invoice_no, coalesce(customer_id, ''), lines, quantity, trim_scale(total)) ORDER BY invoice_no)
                    FROM transactions.invoices)
                 = (SELECT array_agg((invoice_no, coalesce(customer_id, ''), lines, quantity, trim_scale(net)) ORDER BY invoice_no)
                    FROM warehouse.invoice_totals)
              AND (SELECT array_agg((source, position) ORDER BY source, position) FROM transactions.invoice_lines)
                = (SELECT array_agg((source, position) ORDER BY source, position) FROM warehouse.fact_sales)
              AND (SELECT (sum(lines), sum(quantity), sum(net)) FROM warehouse.sales_by_hour)
                = (SELECT (count(*)::numeric, sum(quantity)::numeric, sum(amount)) FROM warehouse.fact_sales)
              AND (SELECT (sum(quantity), sum(revenue)) FROM warehouse.product_by_day)
                = (SELECT (sum(quantity)::numeric, sum(amount)) FROM warehouse.fact_sales WHERE is_sale)
              AND (SELECT (sum(quantity), sum(revenue)) FROM warehouse.product_by_hour)
                = (SELECT (sum(quantity)::numeric, sum(amount)) FROM warehouse.fact_sales WHERE is_sale)
            """;

    private final Random random = new Random(SEED);
    private final int databasePort = TestService.freePort();

    @TempDir
    private Path folder = Path.of("");

    private Path file() throws IOException {
        StringBuilder csv = new StringBuilder(
                "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
        for (int row = 0; row < ROWS_PER_CRASH * CRASHES; row++) {
            int invoice = random.nextInt(2000);
            csv.append(random.nextInt(50) == 0 ? "C" : "")
                    .append(500_000 + invoice)
                    .append(",P")
                    .append(row)
                    .append(",,")
                    .append(random.nextInt(200) - 20)
                    .append(",12/1/2010 8:26,")
                    .append(random.nextInt(10_000) / 100.0)
                    .append(',')
                    .append(random.nextInt(3) == 0 ? "" : Integer.toString(12_000 + invoice % 300))
                    .append(",France\n");
        }
        return Files.writeString(folder.resolve("sales.csv"), csv);
    }

    private String ask(String question) throws SQLException {
        String address = "jdbc:postgresql://localhost:" + databasePort + "/postgres";
        try (Connection connection = DriverManager.getConnection(address, "postgres", "");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private Process client(Path file, int port) throws IOException {
        ProcessBuilder client = new ProcessBuilder(BuiltProgram.command(
                        "send",
                        file.toString(),
                        "http://127.0.0.1:" + port + "/transactions",
                        "--rate",
                        Integer.toString(ROWS_PER_SECOND)))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("client.txt").toFile()));
        client.environment().put("BRIGADE_DATA", folder.resolve("client").toString());
        return client.start();
    }

    @Test
    void whatever_is_killed_whenever_each_row_is_in_the_store_and_in_the_archive_once() throws Exception {
        Path file = file();
        Map<String, String> environment = new HashMap<>(
                Map.of("TRANSACTIONS_ARCHIVE_AGE", "1s", "BRIGADE_DATABASE_PORT", Integer.toString(databasePort)));
        TestKafka kafka = HAS_KAFKA ? new TestKafka(folder.resolve("kafka")) : null;
        if (kafka != null) {
            kafka.create("sales", 4);
            environment.putAll(Map.of("BRIGADE_STREAM", "kafka:sales", "BRIGADE_KAFKA_SERVERS", kafka.servers()));
        }
        try (kafka;
                KilledProgram program = new KilledProgram(folder, environment)) {
            Process client = client(file, program.port());
            try {
                for (int crash = 1; crash <= CRASHES; crash++) {
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(LATEST_KILL_MS));
                    if (kafka != null && crash % 4 == 0) {
                        kafka.kill();
                        kafka.startAgain();
                    } else if (crash % 3 == 0) {
                        client.destroyForcibly().waitFor();
                        client = client(file, program.port());
                    } else if (crash % 3 == 1 && crash % 2 == 0) {
                        program.kill(KilledProgram.Killed.BOTH);
                    } else {
                        program.kill(crash % 3 == 1 ? KilledProgram.Killed.PROGRAM : KilledProgram.Killed.POSTGRES);
                    }
                }
                assertThat(client.waitFor(5, TimeUnit.MINUTES))
                        .as(Files.readString(folder.resolve("client.txt")))
                        .isTrue();
            } finally {
                client.destroyForcibly();
            }
            String said = Files.readString(folder.resolve("client.txt"));
            assertThat(said).contains(String.format("%,d rows read = ", ROWS_PER_CRASH * CRASHES), " + 0 rejected.");
            try {
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(200))
                        .ignoreExceptionsInstanceOf(SQLException.class)
                        .untilAsserted(() -> agrees(new PlainSales(file, StandardCharsets.UTF_8)));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed " + SEED + ": " + e.getMessage() + "\n" + said + "\n" + program.lastOfTheLog(), e);
            }
            assertThat(Files.readString(program.log())).doesNotContain("\tat ", "This is a fault in Bucket Brigade");
            assertThat(program.stopsWithoutATrace()).isTrue();
        }
    }

    private void agrees(PlainSales expected) throws SQLException, IOException {
        assertThat(ask("SELECT count(*) FROM transactions.invoice_lines"))
                .isEqualTo(Integer.toString(ROWS_PER_CRASH * CRASHES));
        assertThat(ask(PlainSales.INVOICES)).isEqualTo(expected.invoices());
        assertThat(ask(PlainSales.LINES)).isEqualTo(expected.lines());
        assertThat(ask(PlainSales.CUSTOMERS)).isEqualTo(expected.customers());
        assertThat(ask(WAREHOUSE))
                .as("warehouse and store, which must be the same")
                .isEqualTo("t");
        assertThat(ask("SELECT sum(last - first + 1) FROM brigade.stream_archive WHERE written_at IS NOT NULL"))
                .isEqualTo(Integer.toString(ROWS_PER_CRASH * CRASHES));
        assertThat(ask(PlainSales.GAPS)).isEqualTo("0");
        Set<String> archived = new HashSet<>();
        int count = 0;
        try (Stream<Path> files = Files.walk(folder.resolve("data/transactions/raw"))) {
            for (Path one :
                    files.filter(path -> path.toString().endsWith(".jsonl.gz")).toList()) {
                List<String> rows = rows(one);
                count += rows.size();
                archived.addAll(rows);
            }
        }
        assertThat(count).as("rows in all files of the archive").isEqualTo(ROWS_PER_CRASH * CRASHES);
        assertThat(archived).hasSize(count);
    }

    private static List<String> rows(Path file) throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        }
    }
}
