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
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program as a process of its own, with the embedded database: started, stopped, killed. */
@Tag("slow")
class ProcessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path folder = Path.of("");

    private final int port = TestService.freePort();
    private final List<Process> started = new ArrayList<>();
    private int logs;

    @AfterEach
    void stopAll() throws Exception {
        for (Process process : started) {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> servers(folder.resolve("data")).isEmpty()
                        && servers(folder.resolve("data/demo")).isEmpty());
    }

    private Process start(int httpPort, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(BuiltProgram.command(arguments))
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().put("BRIGADE_HTTP_PORT", Integer.toString(httpPort));
        builder.environment().put("LEADERBOARD_RESULT", folder.resolve("own").toString());
        logs++;
        Process process = builder.redirectOutput(log(logs).toFile()).start();
        started.add(process);
        return process;
    }

    private CommandResult inThisProcess(int httpPort, String... arguments) {
        return CommandResult.of(
                Map.of(
                        "BRIGADE_HTTP_PORT",
                        Integer.toString(httpPort),
                        "BRIGADE_DATA",
                        folder.resolve("data").toString()),
                arguments);
    }

    private Path log(int number) {
        return folder.resolve("log-" + number + ".txt");
    }

    /** The PostgreSQL servers that work on data. */
    private static List<ProcessHandle> servers(Path data) throws IOException {
        Path pidFile = data.resolve("postgres/postmaster.pid");
        if (!Files.exists(pidFile)) {
            return List.of();
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
        return ProcessHandle.of(pid)
                .filter(process -> process.info().command().orElse("").endsWith("postgres"))
                .map(List::of)
                .orElse(List.of());
    }

    private String board() throws Exception {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/leaderboard"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException notYet) {
            return "";
        }
    }

    private void awaitBoard(String text) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(board()).contains(text));
    }

    @Test
    void the_demo_shows_the_ranking_follows_changes_and_stops_without_a_trace() throws Exception {
        Process demo = start(port, "demo");
        awaitBoard("\"Andre Silva\"");
        assertThat(folder.resolve("own"))
                .as("the result folder of the environment")
                .doesNotExist();
        await().atMost(PATIENCE).until(() -> Files.readString(log(1)).contains("Ctrl-C stops it."));
        assertThat(Files.readString(log(1))).contains("(unknown user 12)", "http://localhost:" + port + "/");
        Files.writeString(
                folder.resolve("data/demo/leaderboard/raw/messages.csv"),
                "900,10,2026-03-09T08:00:00Z,one\n".repeat(50),
                StandardOpenOption.APPEND);
        awaitBoard("{\"user_id\":10,\"messages\":51,\"name\":\"Julia Schmidt\"}");

        CommandResult second = inThisProcess(TestService.freePort(), "demo");
        assertThat(second.status()).isEqualTo(1);
        assertThat(second.err()).contains("Another Bucket Brigade (process " + demo.pid() + ")", "BRIGADE_DATA");

        CommandResult taken = inThisProcess(port, "up");
        assertThat(taken.status()).isEqualTo(1);
        assertThat(taken.err()).contains("Port " + port, "BRIGADE_HTTP_PORT");

        assertThat(servers(folder.resolve("data/demo"))).hasSize(1);
        demo.destroy();
        assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isZero();
        assertThat(Files.readString(log(1))).endsWith("Stopped.\n").doesNotContain("\tat ");
        assertThat(servers(folder.resolve("data/demo"))).isEmpty();
    }

    /** Runs it to its end in a locale that has only ASCII. */
    private CommandResult inAscii(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("LANG", "C");
        builder.environment().put("BRIGADE_HTTP_PORT", Integer.toString(port));
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        started.add(process);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new CommandResult(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private CommandResult inAsciiByJar(String... arguments) throws Exception {
        return inAscii(BuiltProgram.command(arguments).toArray(String[]::new));
    }

    @Test
    void without_a_utf_8_locale_java_says_what_is_missing() throws Exception {
        Path samples = TestService.HOME.resolve("samples");
        // By a shell, which passes bytes on whatever locale this JVM is in.
        String aggregate =
                "cp " + samples + "/leaderboard/messages.csv $(printf 'donn\\303\\251es.csv'); \"$@\" aggregate"
                        + " $(printf 'donn\\303\\251es.csv') " + samples
                        + "/leaderboard/users.csv $(printf 'r\\303\\251sultat.csv')";
        CommandResult jar =
                inAscii("sh", "-c", aggregate, "sh", BuiltProgram.JAVA, "-jar", BuiltProgram.JAR.toString());
        assertThat(jar.status()).isEqualTo(1);
        assertThat(jar.err().lines())
                .singleElement()
                .asString()
                .contains("is not a valid file name here", "Set LC_ALL=C.UTF-8.");

        CommandResult folderUnknown = inAscii(
                "sh",
                "-c",
                "mkdir -p $(printf 'w\\303\\266rk') && cd $(printf 'w\\303\\266rk') && exec \"$@\"",
                "sh",
                BuiltProgram.JAVA,
                "-jar",
                BuiltProgram.JAR.toString(),
                "aggregate",
                samples + "/leaderboard/messages.csv",
                samples + "/leaderboard/users.csv",
                "r.csv");
        assertThat(folderUnknown.status()).isEqualTo(1);
        assertThat(folderUnknown.err()).contains("The name of the working folder can't be read", "Set LC_ALL=C.UTF-8");

        assertThat(inAsciiByJar("doctor").out()).contains("warning  Files whose names have characters outside of ");

        Path source = folder.resolve("data/stocks/source");
        Files.createDirectories(source.resolve("CompanyNames"));
        Files.createDirectories(source.resolve("Stocks"));
        Files.copy(samples.resolve("stocks/Stocks/acme.us.csv"), source.resolve("Stocks/acme.us.csv"));
        Files.writeString(source.resolve("CompanyNames/top_companies.txt"), "'acme.us.csv', 'caf\u00e9.us.csv'");
        CommandResult plan = inAsciiByJar("plan", "stocks");
        assertThat(plan.out())
                .contains("A run would read 1 file and skip 1")
                .contains("caf\u00e9.us.csv: 'caf\u00e9.us.csv' is not a valid file name here");
        assertThat(plan.err()).isEmpty();
    }
}
