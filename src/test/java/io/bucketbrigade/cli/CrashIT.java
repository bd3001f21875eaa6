package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged program with its embedded PostgreSQL, fed changes, and killed -9 at moments that nobody chose: the program,
 * its PostgreSQL, or both. The long form: {@code ./mvnw verify -Dit.test=CrashIT -Dcrashes=200 [-Dcrashes.seed=…]}
 */
@Tag("slow")
class CrashIT {
    private static final int CRASHES = Integer.getInteger("crashes", 3);
    private static final long SEED = Long.getLong("crashes.seed", System.nanoTime());
    private static final int LATEST_KILL_MS = 1500;
    private static final int MOST_ROWS = 300_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Random random = new Random(SEED);

    @TempDir
    private Path folder = Path.of("");

    /** The board of a change: how many rows it has is the number of its messages, and no two changes have as many. */
    private static String result(int rows) {
        return "user_id,messages,name\n1," + rows + ",Ana Lima\n";
    }

    private void change(int rows) throws IOException {
        Path raw = Files.createDirectories(folder.resolve("data/leaderboard/raw"));
        String text = "message_id,author_id,received_at,content\n" + "7,1,2026-03-02T08:00:00Z,hello\n".repeat(rows);
        if (random.nextBoolean()) {
            Path beside = Files.writeString(raw.resolve(".messages.part"), text);
            Files.move(beside, raw.resolve("messages.csv"), StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.writeString(raw.resolve("messages.csv"), text);
        }
    }

    private String resultFile() throws IOException {
        Path result = folder.resolve("data/leaderboard/result/pipeline_result.csv");
        return Files.exists(result) ? Files.readString(result) : "";
    }

    @Test
    void whatever_is_killed_whenever_table_file_and_ledger_agree_with_the_last_inputs_afterwards() throws Exception {
        Path raw = Files.createDirectories(folder.resolve("data/leaderboard/raw"));
        Files.writeString(raw.resolve("users.csv"), "user_id,first_name,last_name\n1,Ana,Lima\n");
        try (KilledProgram program = new KilledProgram(folder, Map.of())) {
            crash(program);
        }
    }

    private void crash(KilledProgram program) throws Exception {
        int rows = 0;
        for (int crash = 1; crash <= CRASHES; crash++) {
            String before = resultFile();
            int rowsBefore = rows;
            rows = random.nextInt(MOST_ROWS / CRASHES) * CRASHES + crash;
            change(rows);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(LATEST_KILL_MS));
            program.kill(KilledProgram.Killed.at(crash, random));
            String as = "crash " + crash + ", seed " + SEED + ", log " + program.log();
            assertThat(resultFile()).as("not torn: " + as).isIn(before, result(rowsBefore), result(rows));
            if (random.nextInt(3) > 0 || crash == CRASHES) {
                try {
                    awaitAgreement(program, rows, as);
                } catch (ConditionTimeoutException e) {
                    throw new AssertionError(e.getMessage() + "\n" + program.lastOfTheLog(), e);
                }
            }
        }
        assertThat(Files.readString(program.log())).doesNotContain("\tat ", "This is a fault in Bucket Brigade");
        assertThat(program.stopsWithoutATrace()).isTrue();
        try (Stream<Path> files = Files.list(folder.resolve("data/leaderboard/result"))) {
            // What a killed process had begun to write is hidden, and removed by a run an hour later.
            assertThat(files.map(file -> String.valueOf(file.getFileName())).filter(name -> !name.startsWith(".")))
                    .containsExactly("pipeline_result.csv");
        }
    }

    private void awaitAgreement(KilledProgram program, int rows, String as) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            assertThat(program.ask("/leaderboard"))
                    .as(as)
                    .isEqualTo("{\"leaderboard\": [{\"user_id\":1,\"messages\":" + rows + ",\"name\":\"Ana Lima\"}]}");
            assertThat(resultFile()).as(as).isEqualTo(result(rows));
            JsonNode runs = JSON.readTree(program.ask("/runs?limit=1000")).path("runs");
            JsonNode last = runs.path(0);
            assertThat(last.path("state").asText()).as(as).isEqualTo("succeeded");
            assertThat(last.path("rows_read").asInt()).as(as).isEqualTo(rows);
            assertThat(runs.findValuesAsText("state")).as(as).doesNotContain("running");
            assertThat(JSON.readTree(program.ask("/observe/health"))
                            .path("status")
                            .asText())
                    .as(as)
                    .isEqualTo("UP");
        });
    }
}
