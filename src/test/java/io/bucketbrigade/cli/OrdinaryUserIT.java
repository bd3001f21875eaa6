package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.support.BuiltProgram;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged program as the image runs it: by a user without rights, all files read-only but those in the data folder.
 * Bubblewrap (bwrap) makes such a place; where there is none, nothing is tested here.
 */
@Tag("slow")
class OrdinaryUserIT {
    private static final Path SAMPLES = TestService.HOME.resolve("samples/leaderboard");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int port = TestService.freePort();

    @TempDir
    private Path folder = Path.of("");

    private Path raw = Path.of("");
    private List<Process> programs = List.of();

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(
                Stream.of("/usr/bin/bwrap", "/usr/local/bin/bwrap")
                        .map(Path::of)
                        .anyMatch(Files::isExecutable),
                "bubblewrap is not installed");
        raw = Files.createDirectories(folder.resolve("leaderboard/raw"));
        List<String> command =
                new ArrayList<>(List.of("bwrap", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"));
        command.addAll(List.of("--bind", folder.toString(), folder.toString(), "--die-with-parent"));
        command.addAll(List.of("--unshare-user", "--uid", "10001", "--gid", "10001"));
        command.addAll(BuiltProgram.command("up"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log.txt").toFile());
        builder.environment().put("BRIGADE_HTTP_PORT", Integer.toString(port));
        builder.environment().put("BRIGADE_DATA", folder.toString());
        programs = List.of(builder.start());
    }

    @AfterEach
    void stop() throws Exception {
        for (Process wrapped : programs) {
            List<ProcessHandle> inside = wrapped.descendants()
                    .filter(process -> process.info().command().orElse("").endsWith("java"))
                    .toList();
            inside.forEach(ProcessHandle::destroy);
            if (!wrapped.waitFor(30, TimeUnit.SECONDS)) {
                wrapped.destroyForcibly().waitFor();
            }
        }
    }

    private String ask(String path) throws Exception {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException notUpYet) {
            return "";
        }
    }

    private void awaitAnswer(String path, String... words) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ask(path)).contains(words));
    }

    private static void permit(Path place, String permissions) throws IOException {
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString(permissions));
    }

    private void copy(String name) throws IOException {
        Files.copy(SAMPLES.resolve(name), raw.resolve(name));
    }

    @Test
    void what_may_not_be_read_is_said_and_read_when_it_may_be_and_only_the_data_folder_is_written() throws Exception {
        copy("users.csv");
        permit(raw, "---------");
        awaitAnswer("/observe/health", "DEGRADED", raw.toString());
        permit(raw, "rwxr-xr-x");
        copy("messages.csv");
        awaitAnswer("/leaderboard", "\"messages\":12");
        awaitAnswer("/observe/health", "\"UP\"");
        assertThat(Files.readString(folder.resolve("log.txt"))).doesNotContain("ERROR", "Read-only file system");
        Path messages = raw.resolve("messages.csv");
        Files.writeString(messages, Files.readString(messages) + "900,10,2026-03-09T08:00:00Z,one\n".repeat(50));
        permit(messages, "---------");
        awaitAnswer("/observe/health", "DEGRADED", "messages.csv may not be read");
        assertThat(ask("/leaderboard")).contains("\"messages\":12");
        permit(messages, "rw-r--r--");
        awaitAnswer("/leaderboard", "\"messages\":51");
        awaitAnswer("/observe/health", "\"UP\"");
    }
}
