package io.bucketbrigade.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.support.TestService;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class WatchingTest {
    private static final String MESSAGES = "message_id,author_id,received_at,content\n";
    private static final String USERS = "user_id,first_name,last_name\n1,Ana,Lima\n2,Bo,Ek\n";

    @TempDir
    private Path folder = Path.of("");

    private TestService service;

    @BeforeEach
    void start() throws Exception {
        service = new TestService(folder, Map.of());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void a_run_is_done_again_when_somebody_asks_and_a_feed_is_not() throws Exception {
        service.drop("users.csv", USERS);
        service.drop("messages.csv", MESSAGES + "1,1,x,a\n");
        service.awaitBoard("\"Ana Lima\"");
        assertThat(service.post("/runs/1/replay", "").statusCode()).isEqualTo(202);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(service.latestRun().path("id").asInt()).isEqualTo(2);
            assertThat(service.latestRun().path("state").asText()).isEqualTo("succeeded");
        });
        assertThat(service.latestRun().path("trigger").asText()).isEqualTo("replay of run 1");
        Path result = service.result().resolve("pipeline_result.csv");
        assertThat(service.post("/feed", "{\"data_path\": \"" + result + "\"}").statusCode())
                .isEqualTo(200);
        assertThat(service.post("/runs/3/replay", "").statusCode()).isEqualTo(422);
        assertThat(service.post("/runs/99/replay", "").statusCode()).isEqualTo(404);
    }

    @Test
    void a_run_starts_by_itself_when_both_files_are_there_and_the_result_follows_each_change() throws Exception {
        service.drop("messages.csv", MESSAGES + "1,1,x,a\n2,1,x,b\n3,2,x,c\n4,9,x,d\n");
        assertThat(service.board()).isEqualTo("{\"leaderboard\": []}");
        service.drop("users.csv", USERS);
        service.awaitBoard("{\"user_id\":1,\"messages\":2,\"name\":\"Ana Lima\"}");
        assertThat(service.result().resolve("pipeline_result.csv"))
                .hasContent("user_id,messages,name\n2,1,Bo Ek\n9,1,\n1,2,Ana Lima\n");
        JsonNode run = service.latestRun();
        assertThat(run.path("rows_read").asInt()).isEqualTo(4);
        assertThat(run.path("rows_counted").asInt()).isEqualTo(4);
        assertThat(run.path("notes").path("unknown_authors").asInt()).isEqualTo(1);
        assertThat(run.path("outputs").path(0).asText()).endsWith("pipeline_result.csv");

        service.drop("users.csv", USERS.replace("Ana", "Eva"));
        service.awaitBoard("Eva Lima");
        assertThat(service.runs().size()).isEqualTo(2);
        assertThat(service.raw().resolve("users.csv")).hasContent(USERS.replace("Ana", "Eva"));

        service.drop("messages.csv", MESSAGES);
        awaitFailure("messages.csv has no rows, so the board would become empty.");
        service.drop("messages.csv", MESSAGES + "1,1.0,x,a\n");
        awaitFailure("messages.csv has author '1.0', users.csv has user 1: none of the authors is in users.csv.");
        assertThat(service.board()).contains("Eva Lima");
        Files.writeString(service.result().resolve("empty.csv"), "user_id,messages,name\n");
        assertThat(service.post("/feed", "{\"data_path\": \"" + service.result().resolve("empty.csv") + "\"}")
                        .body())
                .as("who feeds an empty result by name means it")
                .startsWith("{\"rows\": 0");
        assertThat(service.board()).isEqualTo("{\"leaderboard\": []}");
    }

    private void awaitFailure(String beginning) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(service.latestRun().path("error").asText()).startsWith(beginning));
    }

    @Test
    void two_services_on_the_same_place_share_the_work() throws Exception {
        try (TestService other = new TestService(folder, service.databaseUri(), Map.of())) {
            service.drop("users.csv", USERS);
            for (int change = 1; change <= 5; change++) {
                service.drop("messages.csv", MESSAGES + "1,1,x,a\n".repeat(change));
                String expected = "{\"user_id\":1,\"messages\":" + change + ",";
                service.awaitBoard(expected);
                assertThat(other.board()).contains(expected);
            }
            assertThat(other.runs().findValuesAsText("state"))
                    .containsExactly("succeeded", "succeeded", "succeeded", "succeeded", "succeeded");
        }
    }

    @Test
    void folders_may_have_any_name() throws Exception {
        Path odd = Files.createDirectories(folder.resolve("it's a+b, 100%41 & (more) #1? {x} é"));
        try (TestService there = new TestService(odd, Map.of())) {
            there.drop("users.csv", USERS);
            there.drop("messages.csv", MESSAGES + "1,1,x,a\n");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(there.board()).contains("Ana Lima"));
            assertThat(there.result().resolve("pipeline_result.csv")).exists();
        }
    }

    @Test
    void inputs_that_come_back_are_run_again_because_only_the_last_run_counts() throws Exception {
        service.drop("users.csv", USERS);
        Path first = Files.writeString(folder.resolve("first.csv"), MESSAGES + "1,1,x,a\n");
        Files.copy(first, service.raw().resolve("messages.csv"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        service.awaitBoard("Ana Lima");
        service.drop("messages.csv", MESSAGES + "1,2,x,b\n");
        service.awaitBoard("Bo Ek");
        Files.move(first, service.raw().resolve("messages.csv"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        service.awaitBoard("Ana Lima");
        assertThat(service.runs().size()).isEqualTo(3);
    }

    @Test
    void a_bad_file_fails_the_run_once_and_the_old_result_stays_until_a_good_one_comes() throws Exception {
        service.drop("users.csv", USERS);
        service.drop("messages.csv", MESSAGES + "1,1,x,a\n");
        service.awaitBoard("Ana Lima");
        service.drop("messages.csv", MESSAGES + "1,1,x,a\n2,,x,b\n");
        await().untilAsserted(() ->
                assertThat(service.latestRun().path("state").asText()).isEqualTo("failed"));
        assertThat(service.latestRun().path("error").asText())
                .startsWith("messages.csv, line 3: author_id is blank; 1 of 2 rows can't be used");
        assertThat(service.board()).contains("Ana Lima");
        assertThat(service.result().resolve("pipeline_result.csv")).hasContent("user_id,messages,name\n1,1,Ana Lima\n");
        assertThat(service.result().resolve("rejected.csv"))
                .hasContent("file,line,reason,row\nmessages.csv,3,author_id is blank,\"2,,x,b\"\n");
        await().during(Duration.ofSeconds(1)).until(() -> service.runs().size() == 2);
        service.drop("messages.csv", MESSAGES + "1,2,x,a\n");
        service.awaitBoard("Bo Ek");
        assertThat(service.result().resolve("rejected.csv")).doesNotExist();
    }

    @Test
    void a_file_that_still_grows_is_left_alone_until_its_writer_is_done(@TempDir Path own) throws Exception {
        try (TestService patient = new TestService(own, Map.of("BRIGADE_SETTLE", "2s"))) {
            patient.drop("users.csv", USERS);
            Path messages = Files.writeString(patient.raw().resolve("messages.csv"), MESSAGES);
            AtomicInteger rows = new AtomicInteger();
            await().pollInterval(Duration.ofMillis(200))
                    .during(Duration.ofSeconds(3))
                    .until(() -> {
                        Files.writeString(messages, rows.incrementAndGet() + ",1,x,a\n", StandardOpenOption.APPEND);
                        return patient.get("/runs").body().contains("[]");
                    });
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(patient.board()).contains("\"messages\":" + rows.get() + ","));
            assertThat(patient.runs()).hasSize(1);
        }
    }

    @Test
    void a_copier_that_allocates_first_and_keeps_the_old_time_is_read_to_its_end() throws Exception {
        service.drop("users.csv", USERS);
        FileTime old = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        byte[] content = (MESSAGES + "1,1,x,a\n".repeat(1000)).getBytes(StandardCharsets.US_ASCII);
        Path file = service.raw().resolve("messages.csv");
        try (FileChannel copier = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            copier.write(ByteBuffer.wrap(new byte[1]), content.length - 1);
            Files.setLastModifiedTime(file, old);
            copier.write(ByteBuffer.wrap(content, 0, content.length / 2), 0);
            Files.setLastModifiedTime(file, old);
            await().atMost(Duration.ofSeconds(20)).until(() -> service.runs().size() > 0);
            copier.write(
                    ByteBuffer.wrap(content, content.length / 2, content.length - content.length / 2),
                    content.length / 2);
            Files.setLastModifiedTime(file, old);
        }
        service.awaitBoard("{\"user_id\":1,\"messages\":1000,");
    }

    @Test
    void other_content_of_the_same_size_and_time_is_run_in_place_or_renamed_in() throws Exception {
        FileTime old = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        service.drop("users.csv", USERS);
        Path file = Files.writeString(service.raw().resolve("messages.csv"), MESSAGES + "1,1,x,a\n");
        Files.setLastModifiedTime(file, old);
        service.awaitBoard("Ana Lima");
        Files.writeString(file, MESSAGES + "1,2,x,a\n");
        Files.setLastModifiedTime(file, old);
        service.awaitBoard("Bo Ek");
        Path other = Files.writeString(folder.resolve("other.csv"), MESSAGES + "1,1,x,b\n");
        Files.setLastModifiedTime(other, old);
        Files.move(other, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        service.awaitBoard("Ana Lima");
    }

    @Test
    void a_run_waits_until_neither_file_has_changed_for_as_long_as_quiet_says(@TempDir Path own) throws Exception {
        try (TestService quiet = new TestService(own, Map.of("LEADERBOARD_QUIET", "2s"))) {
            quiet.drop("users.csv", USERS);
            quiet.drop("messages.csv", MESSAGES + "1,1,x,a\n");
            Instant changed = Files.getLastModifiedTime(quiet.raw().resolve("messages.csv"))
                    .toInstant();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(quiet.board()).contains("Ana Lima"));
            JsonNode run = quiet.runs().path(0);
            assertThat(Instant.parse(run.path("started_at").asText())).isAfter(changed.plusMillis(1990));
        }
    }

    @Test
    void a_fed_result_stays_until_the_raw_files_change() throws Exception {
        service.drop("users.csv", USERS);
        service.drop("messages.csv", MESSAGES + "1,1,x,a\n");
        service.awaitBoard("Ana Lima");
        Path other = Files.writeString(service.result().resolve("other.csv"), "user_id,messages,name\n5,5,Fed\n");
        service.post("/feed", "{\"data_path\": \"" + other + "\"}");
        service.awaitBoard("Fed");
        await().during(Duration.ofSeconds(1)).until(() -> service.board().contains("Fed"));
        service.drop("messages.csv", MESSAGES + "1,2,x,a\n");
        service.awaitBoard("Bo Ek");
    }

    @Test
    void a_view_and_a_grant_of_the_user_survive_a_run() throws Exception {
        try (Database database = Database.connect(DatabaseAddress.parse(service.databaseUri(), "", ""));
                Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE VIEW top AS SELECT * FROM leaderboard WHERE messages > 1");
            statement.execute("GRANT SELECT ON leaderboard TO public");
            service.drop("users.csv", USERS);
            service.drop("messages.csv", MESSAGES + "1,1,x,a\n2,1,x,a\n3,2,x,b\n");
            service.awaitBoard("Ana Lima");
            var rows = statement.executeQuery(
                    "SELECT (SELECT string_agg(name, ',') FROM top), has_table_privilege('public', 'leaderboard', 'SELECT')");
            rows.next();
            assertThat(rows.getString(1)).isEqualTo("Ana Lima");
            assertThat(rows.getBoolean(2)).isTrue();
        }
    }
}
