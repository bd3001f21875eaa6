package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.lake.Lake;
import io.bucketbrigade.lake.PublishedTable;
import io.bucketbrigade.support.TestLocations;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Files of two years again and again, while the program, its PostgreSQL, or both are killed at moments that nobody chose, and somebody looks at the dashboard all
 * the time. The long form: {@code ./mvnw verify -Dit.test=CityCrashIT -Dcrashes=100 [-Dcrashes.seed=…]}
 */
@Tag("slow")
class CityCrashIT {
    private static final int CRASHES = Integer.getInteger("crashes", 3);
    private static final long SEED = Long.getLong("crashes.seed", System.nanoTime());
    private static final int LATEST_KILL_MS = 4000;
    private static final int MOST_CASES = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Random random = new Random(SEED);
    private final int databasePort = TestService.freePort();
    /** How many cases the dashboard may show. */
    private final Set<Integer> possible = ConcurrentHashMap.newKeySet();
    /** How often the dashboard answered. */
    private final AtomicInteger looks = new AtomicInteger();
    /** What it showed and should not. */
    private final Queue<String> torn = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path folder = Path.of("");

    private void put(String name, String text) throws IOException {
        KilledProgram.put(folder.resolve("data/city-requests/raw"), name, text);
    }

    /** Half of the cases are in each file, all were closed late: how many cases a table has says which files it was made of. */
    private void change(int count) throws IOException {
        for (int year : new int[] {2018, 2019}) {
            StringBuilder cases =
                    new StringBuilder("case_enquiry_id,open_dt,sla_target_dt,closed_dt,on_time,case_status\n");
            for (int id = year; id < year + 10 * count; id += 10) {
                cases.append("%d,%d-0%d-02 10:00:00,%d-01-01 10:00:00,%d-11-01 10:00:00,OVERDUE,Closed%n"
                        .formatted(id, year, 1 + id / 10 % 9, year, year));
            }
            put(year + ".csv", cases.toString());
        }
    }

    private void look(KilledProgram program) throws IOException {
        String answer = program.ask("/city-requests/charts");
        if (!answer.contains("\"charts\"")) {
            // It is not up, or does not know its routes yet.
            return;
        }
        JsonNode charts = JSON.readTree(answer).path("charts");
        looks.incrementAndGet();
        int cases = charts.path("totals").path(0).path("cases").asInt();
        int ofMonths = 0;
        for (JsonNode month : charts.path("months")) {
            ofMonths += month.path("opened").asInt();
        }
        if (cases != ofMonths || !possible.contains(cases)) {
            torn.add(cases + " cases, in months " + ofMonths + ", possible are " + possible);
        }
    }

    private int rows(String table) throws SQLException, IOException {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setURL("jdbc:postgresql://localhost:" + databasePort + "/postgres");
        database.setUser("postgres");
        return (int) PublishedTable.csv(
                                database,
                                TestLocations.FOLDERS,
                                folder.resolve("data/city-requests/lake").toString(),
                                "city-requests",
                                table,
                                List.of("case_enquiry_id"),
                                new Lake.Limits(1 << 28, 1, folder.resolve("spill")))
                        .orElse("")
                        .lines()
                        .count()
                - 1;
    }

    @Test
    void whatever_is_killed_whenever_the_dashboard_shows_one_state_and_the_tables_agree_with_the_last_files_afterwards()
            throws Exception {
        Map<String, String> environment =
                Map.of("CITY_REQUESTS_QUIET", "300ms", "BRIGADE_DATABASE_PORT", Integer.toString(databasePort));
        AtomicBoolean ends = new AtomicBoolean();
        possible.add(0);
        try (KilledProgram program = new KilledProgram(folder, environment)) {
            CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
                while (!ends.get()) {
                    try {
                        look(program);
                        TimeUnit.MILLISECONDS.sleep(50);
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
            for (int crash = 1; crash <= CRASHES; crash++) {
                int count = random.nextInt(MOST_CASES / CRASHES) * CRASHES + crash;
                possible.add(2 * count);
                // Between the two files, a run may begin with one of them only.
                possible.add(count);
                possible.addAll(
                        possible.stream().map(before -> before / 2 + count).toList());
                change(count);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LATEST_KILL_MS));
                program.kill(KilledProgram.Killed.at(crash, random));
                String as = "crash " + crash + ", seed " + SEED + ", log " + program.log();
                try {
                    awaitAgreement(program, count, as);
                } catch (ConditionTimeoutException e) {
                    throw new AssertionError(e.getMessage() + "\n" + program.lastOfTheLog(), e);
                }
                possible.removeIf(cases -> cases != 2 * count);
            }
            ends.set(true);
            reader.get(30, TimeUnit.SECONDS);
            assertThat(torn).as("seed " + SEED).isEmpty();
            assertThat(looks.get()).isGreaterThan(CRASHES);
            assertThat(Files.readString(program.log())).doesNotContain("\tat ", "This is a fault in Bucket Brigade");
            assertThat(program.stopsWithoutATrace()).isTrue();
        } finally {
            ends.set(true);
        }
    }

    private void awaitAgreement(KilledProgram program, int count, String as) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsMatching(notUp -> notUp instanceof SQLException || notUp instanceof IOException)
                .untilAsserted(() -> {
                    JsonNode last = JSON.readTree(program.ask("/runs?pipeline=city-requests"))
                            .path("runs")
                            .path(0);
                    assertThat(last.path("state").asText()).as(as).isEqualTo("succeeded");
                    assertThat(last.path("rows_read").asInt()).as(as).isEqualTo(2 * count);
                    assertThat(rows("silver")).as(as).isEqualTo(2 * count);
                    assertThat(rows("late_cases")).as(as).isEqualTo(2 * count);
                    assertThat(JSON.readTree(program.ask("/city-requests/charts/totals"))
                                    .path(0)
                                    .path("cases")
                                    .asInt())
                            .as(as)
                            .isEqualTo(2 * count);
                    assertThat(JSON.readTree(program.ask("/observe/health"))
                                    .path("status")
                                    .asText())
                            .as(as)
                            .isEqualTo("UP");
                });
    }
}
