package io.bucketbrigade.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.support.SmallDisk;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people and disks do to folders. */
@Tag("slow")
class FolderFaultsTest {
    private static final String MESSAGES = "message_id,author_id,received_at,content\n";
    private static final String USERS = "user_id,first_name,last_name\n1,Ana,Lima\n";

    @TempDir
    private Path folder = Path.of("");

    private static void awaitHealth(TestService service, String... words) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(service.get("/observe/health").body()).contains(words));
    }

    private static void remove(Path place) throws IOException {
        try (Stream<Path> all = Files.walk(place)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    @Test
    void a_raw_folder_deleted_while_the_service_runs_is_reported_and_watched_again_when_it_is_back() throws Exception {
        try (TestService service = new TestService(folder, Map.of())) {
            service.drop("users.csv", USERS);
            service.drop("messages.csv", MESSAGES + "1,1,x,y\n");
            service.awaitBoard("\"messages\":1,");
            remove(service.raw());
            awaitHealth(service, "DEGRADED", "raw does not exist");
            assertThat(service.board()).contains("\"messages\":1,");
            service.drop("users.csv", USERS);
            service.drop("messages.csv", MESSAGES + "1,1,x,y\n2,1,x,y\n");
            service.awaitBoard("\"messages\":2,");
            awaitHealth(service, "\"UP\"");
        }
    }

    @Test
    void two_thousand_unrelated_files_do_not_matter() throws Exception {
        Path raw = Files.createDirectories(folder.resolve("leaderboard/raw"));
        for (int file = 0; file < 2_000; file++) {
            Files.writeString(raw.resolve("other-" + file + ".csv"), "x");
        }
        try (TestService service = new TestService(folder, Map.of())) {
            service.drop("users.csv", USERS);
            service.drop("messages.csv", MESSAGES + "1,1,x,y\n");
            service.awaitBoard("\"messages\":1,");
        }
    }

    @Test
    void a_pipe_a_folder_or_a_loop_of_links_is_no_file_and_nobody_waits_on_it() throws Exception {
        Assumptions.assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        try (TestService service = new TestService(folder, Map.of())) {
            service.drop("users.csv", USERS);
            Path messages = service.raw().resolve("messages.csv");
            assertThat(new ProcessBuilder("mkfifo", messages.toString()).start().waitFor())
                    .isZero();
            assertThat(service.get("/raw/leaderboard/messages.csv").statusCode())
                    .isEqualTo(422);
            Files.delete(messages);
            Files.createDirectory(messages);
            assertThat(service.get("/raw/leaderboard/messages.csv").statusCode())
                    .isEqualTo(422);
            Files.delete(messages);
            Files.createSymbolicLink(messages, messages);
            awaitHealth(service, "DEGRADED", "messages.csv");
            Files.delete(messages);
            service.drop("messages.csv", MESSAGES + "1,1,x,y\n");
            service.awaitBoard("\"messages\":1,");
        }
    }

    @Test
    void a_file_rewritten_in_place_with_the_same_size_is_another_one() throws Exception {
        try (TestService service = new TestService(folder, Map.of())) {
            service.drop("users.csv", USERS + "2,Bo,Ek\n");
            service.drop("messages.csv", MESSAGES + "1,1,x,y\n");
            service.awaitBoard("Ana");
            Files.writeString(service.raw().resolve("messages.csv"), MESSAGES + "1,2,x,y\n");
            service.awaitBoard("Bo");
        }
    }

    @Test
    void a_full_disk_fails_the_run_in_words_keeps_the_old_result_and_passes_by_itself() throws Exception {
        Path result = folder.resolve("small");
        try (SmallDisk disk = new SmallDisk(result, "64k");
                TestService service = new TestService(folder, Map.of("LEADERBOARD_RESULT", result.toString()))) {
            service.drop("users.csv", USERS);
            service.drop("messages.csv", MESSAGES + "1,1,x,y\n");
            service.awaitBoard("Ana");
            StringBuilder many = new StringBuilder(MESSAGES);
            for (int author = 1; author <= 20_000; author++) {
                many.append("7,").append(author).append(",x,y\n");
            }
            service.drop("messages.csv", many.toString());
            awaitHealth(service, "DEGRADED", "No space left on device");
            assertThat(Files.readString(result.resolve("pipeline_result.csv")))
                    .isEqualTo("user_id,messages,name\n1,1,Ana Lima\n");
            assertThat(service.board())
                    .isEqualTo("{\"leaderboard\": [{\"user_id\":1,\"messages\":1,\"name\":\"Ana Lima\"}]}");
            try (Stream<Path> files = Files.list(result)) {
                assertThat(files.map(file -> String.valueOf(file.getFileName())).toList())
                        .containsExactly("pipeline_result.csv");
            }
            disk.grow("10m");
            service.awaitBoard("\"user_id\":20000,");
            awaitHealth(service, "\"UP\"");
        }
    }
}
