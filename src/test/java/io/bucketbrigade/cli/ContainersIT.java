package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.EmbeddedServer;
import io.bucketbrigade.support.BuiltProgram;
import io.bucketbrigade.support.SetUpPostgres;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Two processes, one database, one bucket, changes, and kill -9 of processes and database at random. The long form:
 * {@code ./mvnw verify -Dit.test=ContainersIT -Dcontainers.changes=200}
 */
@Tag("slow")
class ContainersIT {
    private static final int CHANGES = Integer.getInteger("containers.changes", 6);
    private static final int CHANGES_PER_KILL = 6;
    private static final String USERS = "user_id,first_name,last_name\n1,Ana,Lima\n";
    private static final long SEED = Long.getLong("containers.seed", System.nanoTime());

    private final TestBuckets buckets = TestBuckets.s3Proxy();
    private final String bucket = buckets.newBucket();
    private final Random random = new Random(SEED);
    private final Process[] containers = new Process[2];

    @TempDir
    private Path folder = Path.of("");

    private String databaseUri = "";

    @AfterEach
    void stopAll() throws Exception {
        for (Process container : containers) {
            container.destroyForcibly().waitFor();
        }
    }

    private void start(int number) throws IOException {
        Path own = Files.createDirectories(folder.resolve("container" + number));
        ProcessBuilder builder = new ProcessBuilder(BuiltProgram.command("up"))
                .directory(own.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(own.resolve("log.txt").toFile()));
        Map<String, String> environment = builder.environment();
        environment.putAll(buckets.environment());
        environment.put("BRIGADE_DATABASE_URL", databaseUri);
        environment.put("BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()));
        environment.put("BRIGADE_POLL", "200ms");
        environment.put("LEADERBOARD_RAW", "s3://" + bucket + "/raw");
        environment.put("LEADERBOARD_RESULT", "s3://" + bucket + "/result");
        containers[number] = builder.start();
    }

    private void change(int number) {
        buckets.put(
                bucket,
                "raw/messages.csv",
                "message_id,author_id,received_at,content\n" + (number + ",1,x,some words\n").repeat(number));
    }

    private String result() {
        try {
            return buckets.get(bucket, "result/pipeline_result.csv").asUtf8String();
        } catch (NoSuchKeyException notYet) {
            return "";
        }
    }

    private static String resultOf(int number) {
        return "user_id,messages,name\n1," + number + ",Ana Lima\n";
    }

    private String answer(Statement statement, String question) throws SQLException {
        try (ResultSet row = statement.executeQuery(question)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void a_change_is_dealt_with_once_whichever_process_gets_it_and_whatever_is_killed() throws Exception {
        SetUpPostgres.copyInto(folder.resolve("database"));
        try (Database database = Database.embedded(new EmbeddedServer(folder.resolve("database/postgres"), 0))) {
            databaseUri = uri(database);
            changeAndKill(database);
        }
    }

    private static String uri(Database database) throws SQLException {
        try (Connection connection = database.pool().getConnection()) {
            return connection
                    .getMetaData()
                    .getURL()
                    .replaceFirst("^jdbc:postgresql://([^?]*).*", "postgresql://postgres@$1");
        }
    }

    private void killDatabase() throws IOException {
        String pid = Files.readAllLines(folder.resolve("database/postgres/postmaster.pid"))
                .get(0)
                .strip();
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }

    private void killContainer(int victim) throws Exception {
        containers[victim].destroyForcibly().waitFor();
        start(victim);
    }

    private void changeAndKill(Database database) throws Exception {
        buckets.put(bucket, "raw/users.csv", USERS);
        change(1);
        start(0);
        start(1);
        await().atMost(Duration.ofSeconds(60)).until(() -> result().equals(resultOf(1)));
        for (int number = 2; number <= CHANGES; number++) {
            change(number);
            if (random.nextInt(CHANGES_PER_KILL) == 0 || number == CHANGES / 2) {
                killContainer(random.nextInt(containers.length));
            }
            if (random.nextInt(CHANGES_PER_KILL) == 0 || number == CHANGES / 3) {
                killDatabase();
            }
            if (random.nextBoolean()) {
                int expected = number;
                await().atMost(Duration.ofSeconds(60)).until(() -> result().equals(resultOf(expected)));
            }
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(result()).as("seed " + SEED).isEqualTo(resultOf(CHANGES)));
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> answer(statement, "SELECT messages FROM leaderboard")
                    .equals(CHANGES + ""));
            assertThat(answer(statement, """
                            SELECT count(*) FROM brigade.runs a JOIN brigade.runs b ON a.run_id < b.run_id
                            WHERE a.started_at < b.finished_at AND b.started_at < a.finished_at
                            """))
                    .as("runs alive at the same time, seed " + SEED)
                    .isEqualTo("0");
            assertThat(answer(statement, """
                            SELECT count(*) FROM (
                                SELECT fingerprint, lag(fingerprint) OVER (ORDER BY run_id) AS before
                                FROM brigade.runs WHERE state = 'succeeded') AS successes
                            WHERE fingerprint = before
                            """))
                    .as("the same done twice in a row, seed " + SEED)
                    .isEqualTo("0");
        }
    }
}
