package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Orders, shipments and reviews again and again, while the program, its PostgreSQL, or both are killed at moments that nobody chose.
 * The long form: {@code ./mvnw verify -Dit.test=OrdersCrashIT -Dcrashes=100 [-Dcrashes.seed=…]}
 */
@Tag("slow")
class OrdersCrashIT {
    private static final int CRASHES = Integer.getInteger("crashes", 3);
    private static final long SEED = Long.getLong("crashes.seed", System.nanoTime());
    private static final int LATEST_KILL_MS = 2500;
    private static final int MOST_ORDERS = 80_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLES =
            "SELECT (SELECT count(*) FROM staging.orders) || ' ' || (SELECT count(*) FROM staging.shipment_deliveries) || ' '"
                    + " || (SELECT tt_late_shipments FROM analytics.agg_shipments) || ' '"
                    + " || (SELECT count(*) FROM pg_constraint WHERE connamespace = 'staging'::regnamespace AND contype IN ('p', 'f'))"
                    + " || ' ' || (SELECT count(*) FROM brigade.unfinished_files)";

    private final Random random = new Random(SEED);
    private final int databasePort = TestService.freePort();

    @TempDir
    private Path folder = Path.of("");

    private void put(String name, String text) throws IOException {
        KilledProgram.put(folder.resolve("data/orders/raw"), name, text);
    }

    /** Each order has a shipment, and each of those is late: how many are late says which files a result was made of. */
    private void change(int count) throws IOException {
        StringBuilder orders =
                new StringBuilder("order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n");
        StringBuilder shipments = new StringBuilder("shipment_id,order_id,shipment_date,delivery_date\n");
        for (int id = 1; id <= count; id++) {
            orders.append(id).append(",1,2026-01-02,7,1.50,2,3.00\n");
            shipments.append(id).append(',').append(id).append(",2026-01-20,\n");
        }
        put("orders.csv", orders.toString());
        put("shipment_deliveries.csv", shipments.toString());
        put("reviews.csv", "review,product_id\n5,7\n");
    }

    private String export() throws IOException {
        Path export = folder.resolve("data/orders/result/analytics_export/agg_shipments.csv");
        return Files.exists(export) ? Files.readString(export) : "";
    }

    private static String exported(int count) {
        return "ingestion_date,tt_late_shipments,tt_undelivered_items\n2026-06-17," + count + ",0\n";
    }

    private String tables() throws SQLException {
        String address = "jdbc:postgresql://localhost:" + databasePort + "/postgres";
        try (Connection connection = DriverManager.getConnection(address, "postgres", "");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TABLES)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void whatever_is_killed_whenever_tables_exports_and_ledger_agree_with_the_last_files_afterwards() throws Exception {
        Map<String, String> environment = Map.of(
                "ORDERS_QUIET", "300ms",
                "ORDERS_RUNS_PER_DAY", "100000",
                "ORDERS_REFERENCE_DATE", "2026-06-17",
                "BRIGADE_DATABASE_PORT", Integer.toString(databasePort));
        try (KilledProgram program = new KilledProgram(folder, environment)) {
            int count = 0;
            for (int crash = 1; crash <= CRASHES; crash++) {
                String before = export();
                count = random.nextInt(MOST_ORDERS / CRASHES) * CRASHES + crash;
                change(count);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LATEST_KILL_MS));
                program.kill(KilledProgram.Killed.at(crash, random));
                String as = "crash " + crash + ", seed " + SEED + ", log " + program.log();
                assertThat(export()).as("not torn: " + as).isIn(before, exported(count));
                try {
                    awaitAgreement(program, count, as);
                } catch (ConditionTimeoutException e) {
                    throw new AssertionError(e.getMessage() + "\n" + program.lastOfTheLog(), e);
                }
            }
            assertThat(Files.readString(program.log())).doesNotContain("\tat ", "This is a fault in Bucket Brigade");
            assertThat(program.stopsWithoutATrace()).isTrue();
        }
    }

    private void awaitAgreement(KilledProgram program, int count, String as) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsMatching(notUp -> notUp instanceof SQLException || notUp instanceof IOException)
                .untilAsserted(() -> {
                    JsonNode last = JSON.readTree(program.ask("/runs?pipeline=orders"))
                            .path("runs")
                            .path(0);
                    assertThat(last.path("state").asText()).as(as).isEqualTo("succeeded");
                    assertThat(last.path("rows_read").asInt()).as(as).isEqualTo(2 * count + 1);
                    assertThat(tables()).as(as).isEqualTo(count + " " + count + " " + count + " 5 0");
                    assertThat(export()).as(as).isEqualTo(exported(count));
                    assertThat(JSON.readTree(program.ask("/observe/health"))
                                    .path("status")
                                    .asText())
                            .as(as)
                            .isEqualTo("UP");
                });
    }
}
