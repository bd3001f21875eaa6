package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the program, its PostgreSQL, or both while files are loaded in bulk. Then each row of each file is in store and warehouse once.
 * The long form: {@code ./mvnw verify -Dit.test=BulkCrashIT -Dcrashes=30 [-Dcrashes.seed=…]}
 */
@Tag("slow")
class BulkCrashIT {
    private static final int CRASHES = Integer.getInteger("crashes", 3);
    private static final long SEED = Long.getLong("crashes.seed", System.nanoTime());
    private static final int LATEST_KILL_MS = 2500;
    private static final int ROWS = 40_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TABLES = """
            SELECT (SELECT count(*) || ' ' || count(DISTINCT (invoice_no, stock_code)) FROM transactions.invoice_lines) || ' '
                   || (SELECT sum(lines) || ' ' || sum(total) FROM transactions.invoices) || ' '
                   || (SELECT sum(total) FROM transactions.customers) || ' '
                   || (SELECT sum(lines) || ' ' || sum(net) FROM warehouse.sales_by_hour) || ' '
                   || (SELECT sum(quantity) FROM warehouse.product_by_hour) || ' '
                   || (SELECT sum(rows_counted) FROM brigade.runs WHERE state = 'succeeded')
            """;

    private final Random random = new Random(SEED);
    private final int databasePort = TestService.freePort();

    @TempDir
    private Path folder = Path.of("");

    /** Each row is a product of its own, sold once for 1, on an invoice of 20 lines. */
    private void put(int file) throws IOException {
        StringBuilder csv = new StringBuilder("InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n");
        for (int row = 0; row < ROWS; row++) {
            csv.append(1_000_000 + row / 20)
                    .append(",f")
                    .append(file)
                    .append('p')
                    .append(row)
                    .append(",1,12/1/2010 ")
                    .append(row * 24L / ROWS)
                    .append(":26,1,")
                    .append(12_000 + row / 20 % 300)
                    .append('\n');
        }
        Path bulk = Files.createDirectories(folder.resolve("data/transactions/bulk"));
        Path beside = Files.writeString(bulk.resolve(file + ".part"), csv);
        Files.move(beside, bulk.resolve(file + ".csv"), StandardCopyOption.ATOMIC_MOVE);
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

    @Test
    void whatever_is_killed_whenever_each_row_of_each_file_is_in_the_tables_once() throws Exception {
        Map<String, String> environment = Map.of(
                "TRANSACTIONS_BULK_SCHEDULE", "* * * * *", "BRIGADE_DATABASE_PORT", Integer.toString(databasePort));
        for (int file = 0; file < CRASHES; file++) {
            put(file);
        }
        try (KilledProgram program = new KilledProgram(folder, environment)) {
            for (int crash = 1; crash <= CRASHES; crash++) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LATEST_KILL_MS));
                program.kill(KilledProgram.Killed.at(crash, random));
            }
            String all = String.join(" ", Collections.nCopies(9, Integer.toString(ROWS * CRASHES)));
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(300))
                    .ignoreExceptionsMatching(notUp -> notUp instanceof SQLException)
                    .untilAsserted(() -> assertThat(ask(TABLES))
                            .as("seed " + SEED + "\n" + program.lastOfTheLog())
                            .isEqualTo(all));
            assertThat(Files.readString(program.log())).doesNotContain("\tat ", "This is a fault in Bucket Brigade");
            assertThat(new ObjectMapper()
                            .readTree(program.ask("/runs?state=succeeded"))
                            .path("runs"))
                    .hasSize(CRASHES);
            assertThat(program.stopsWithoutATrace()).isTrue();
        }
    }
}
