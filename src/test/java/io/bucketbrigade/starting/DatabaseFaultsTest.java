package io.bucketbrigade.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.SmallDisk;
import io.bucketbrigade.support.TcpRelay;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database away, by a line to it that is cut. */
@Tag("slow")
class DatabaseFaultsTest {
    private static final String MESSAGES = "message_id,author_id,received_at,content\n";
    private static final int AUTHORS = 20_000;

    @TempDir
    private Path folder = Path.of("");

    private final URI database = URI.create(TestDatabase.newUri());
    private final TcpRelay line = new TcpRelay(database.getPort());

    @BeforeEach
    void fix() throws Exception {
        line.fix();
    }

    @AfterEach
    void cut() throws Exception {
        line.close();
    }

    private TestService start(Map<String, String> environment) throws Exception {
        return new TestService(
                folder, "postgresql://postgres@localhost:" + line.port() + database.getPath(), environment);
    }

    private static String messages(int each) {
        StringBuilder messages = new StringBuilder(MESSAGES);
        for (int author = 1; author <= AUTHORS; author++) {
            messages.append(("7," + author + ",x,y\n").repeat(each));
        }
        return messages.toString();
    }

    private static void awaitBoard(TestService service, int each) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(service.board())
                .startsWith("{\"leaderboard\": [{\"user_id\":1,\"messages\":" + each + ",")
                .contains("{\"user_id\":" + AUTHORS + ",\"messages\":" + each + ","));
    }

    private void execute(String statement) throws Exception {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://localhost:" + database.getPort() + "/postgres", "postgres", "");
                Statement direct = connection.createStatement()) {
            direct.execute(statement);
        }
    }

    @Test
    void a_start_waits_for_the_database() throws Exception {
        line.cut();
        CompletableFuture<TestService> started = CompletableFuture.supplyAsync(() -> {
            try {
                return start(Map.of());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        await().during(Duration.ofMillis(1500)).until(() -> !started.isDone());
        line.fix();
        try (TestService service = started.get(30, TimeUnit.SECONDS)) {
            assertThat(service.board()).isEqualTo("{\"leaderboard\": []}");
        }
    }

    @Test
    void a_start_waits_no_longer_than_it_is_told_and_never_for_another_password() throws Exception {
        line.cut();
        assertThatThrownBy(() -> start(Map.of("BRIGADE_DATABASE_WAIT", "1s")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("can't be used");
        line.fix();
        assertThatThrownBy(() -> new TestService(
                        folder, "postgresql://nobody@localhost:" + line.port() + database.getPath(), Map.of()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("nobody");
    }

    @Test
    void a_line_cut_in_the_middle_of_the_load_leaves_the_old_board_and_the_run_is_done_again() throws Exception {
        try (TestService service = start(Map.of("BRIGADE_LEASE", "15s"))) {
            service.drop("users.csv", "user_id,first_name,last_name\n");
            service.drop("messages.csv", messages(1));
            awaitBoard(service, 1);
            line.cutAfter(100_000);
            service.drop("messages.csv", messages(2));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(service.get("/leaderboard").statusCode()).isEqualTo(503));
            HttpResponse<String> away = service.get("/runs");
            assertThat(away.statusCode()).isEqualTo(503);
            assertThat(away.headers().firstValue("Retry-After")).isPresent();
            assertThat(service.get("/observe/health").statusCode()).isEqualTo(503);
            line.fix();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(service.board()).contains("{\"user_id\":1,\"messages\":"));
            awaitBoard(service, 2);
            assertThat(service.get("/observe/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_database_that_takes_no_writes_fails_the_run_in_words_and_it_is_tried_again() throws Exception {
        String name = database.getPath().substring(1);
        try (TestService service = start(Map.of())) {
            execute("ALTER DATABASE " + name + " SET default_transaction_read_only = on");
            execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
            service.drop("users.csv", "user_id,first_name,last_name\n");
            service.drop("messages.csv", messages(1));
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                            service.get("/observe/health").body())
                    .contains("DEGRADED", "read-only transaction"));
            execute("ALTER DATABASE " + name + " SET default_transaction_read_only = off");
            execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
            awaitBoard(service, 1);
            assertThat(service.latestRun().path("state").asText()).isEqualTo("succeeded");
        }
    }

    @Test
    void a_column_that_somebody_renamed_is_said_and_the_run_is_done_when_it_is_back() throws Exception {
        try (TestService service = start(Map.of())) {
            service.drop("users.csv", "user_id,first_name,last_name\n");
            service.drop("messages.csv", messages(1));
            awaitBoard(service, 1);
            service.execute("ALTER TABLE leaderboard RENAME COLUMN messages TO posts");
            service.drop("messages.csv", messages(2));
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                            service.latestRun().path("error").asText())
                    .startsWith("A table in the database is not as Bucket Brigade created it (ERROR: column ")
                    .contains("messages")
                    .doesNotContain("fault in Bucket Brigade"));
            service.execute("ALTER TABLE leaderboard RENAME COLUMN posts TO messages");
            awaitBoard(service, 2);
            service.execute("ALTER TABLE leaderboard ALTER name DROP NOT NULL, ALTER messages DROP NOT NULL");
            service.execute("ALTER TABLE leaderboard ALTER messages TYPE integer");
            service.execute("UPDATE leaderboard SET name = NULL");
            service.drop("messages.csv", messages(3));
            awaitBoard(service, 3);
            assertThat(service.get("/runs").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_full_disk_under_the_embedded_database_passes_when_there_is_room_again() throws Exception {
        try (SmallDisk disk = new SmallDisk(folder.resolve("disk"), "260m");
                TestService service = new TestService(
                        disk.place(),
                        "",
                        Map.of("LEADERBOARD_RESULT", folder.resolve("result").toString()))) {
            service.drop("users.csv", "user_id,first_name,last_name\n");
            service.drop("messages.csv", messages(1));
            awaitBoard(service, 1);
            service.drop("messages.csv", messages(2));
            awaitBoard(service, 2);
            Path filler = disk.fill();
            assertThat(Files.size(filler)).isPositive();
            Path messages = disk.place().resolve("leaderboard/raw/messages.csv");
            try (FileChannel channel = FileChannel.open(messages, StandardOpenOption.WRITE)) {
                // As long as before, because there is no room for more: the last author loses a message to the first.
                channel.write(
                        ByteBuffer.wrap("7,00001".getBytes(StandardCharsets.US_ASCII)),
                        Files.size(messages) - "7,20000,x,y\n".length());
            }
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() ->
                            assertThat(service.get("/observe/health").body()).containsAnyOf("DEGRADED", "DOWN"));
            Files.delete(filler);
            await().atMost(Duration.ofSeconds(90))
                    .untilAsserted(() -> assertThat(service.board()).contains("{\"user_id\":20000,\"messages\":1,"));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(service.get("/observe/health").body()).contains("\"UP\""));
        }
    }
}
