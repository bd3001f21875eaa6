package io.bucketbrigade.cli;

import io.bucketbrigade.support.BuiltProgram;
import io.bucketbrigade.support.SetUpPostgres;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** The packaged program with its embedded PostgreSQL, which may be killed: the program, its PostgreSQL, or both. */
final class KilledProgram implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Path folder;
    private final Map<String, String> environment;
    private final int port = TestService.freePort();
    private Process program;

    KilledProgram(Path folder, Map<String, String> environment) throws IOException {
        this.folder = folder;
        this.environment = environment;
        SetUpPostgres.copyInto(folder.resolve("data"));
        this.program = start();
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(BuiltProgram.command("up"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().put("BRIGADE_HTTP_PORT", Integer.toString(port));
        builder.environment().put("BRIGADE_POLL", "50ms");
        builder.environment().put("BRIGADE_SETTLE", "200ms");
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Puts a file into a folder as careful people do: written beside, then moved. */
    static void put(Path raw, String name, String text) throws IOException {
        Files.createDirectories(raw);
        Path beside = Files.writeString(raw.resolveSibling("made-" + name), text);
        Files.move(beside, raw.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    int port() {
        return port;
    }

    Path log() {
        return folder.resolve("log.txt");
    }

    private Optional<ProcessHandle> postgres() throws IOException {
        Path pidFile = folder.resolve("data/postgres/postmaster.pid");
        List<String> lines = Files.exists(pidFile) ? Files.readAllLines(pidFile) : List.of();
        return lines.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.get(0).strip())).filter(KilledProgram::isPostgres);
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("postgres");
    }

    /** What is killed at once. */
    enum Killed {
        PROGRAM,
        POSTGRES,
        BOTH;

        /** Each of them at the first three crashes, any of them later. */
        static Killed at(int crash, Random random) {
            return values()[crash <= values().length ? crash - 1 : random.nextInt(values().length)];
        }
    }

    /** Kills, and starts the program again if it was among what was killed. */
    void kill(Killed what) throws Exception {
        Optional<ProcessHandle> server = postgres();
        if (what != Killed.POSTGRES) {
            program.destroyForcibly().waitFor();
        }
        if (what != Killed.PROGRAM) {
            server.ifPresent(ProcessHandle::destroyForcibly);
        }
        if (what != Killed.POSTGRES) {
            program = start();
        }
    }

    /** Kills a process of its PostgreSQL, which then starts again by itself. Does nothing if it is not up. */
    void killPartOfPostgres(Random random) throws IOException {
        List<ProcessHandle> parts =
                postgres().stream().flatMap(ProcessHandle::children).toList();
        if (!parts.isEmpty()) {
            parts.get(random.nextInt(parts.size())).destroyForcibly();
        }
    }

    /**
     * Starts it again if it has ended, as whoever runs it would: it gives up if its PostgreSQL is killed several times while it starts.
     */
    void keepUp() throws IOException {
        if (!program.isAlive()) {
            program = start();
        }
    }

    /** Whether its PostgreSQL runs, so that it can be killed. */
    boolean hasPostgres() throws IOException {
        return postgres().flatMap(server -> server.children().findAny()).isPresent();
    }

    /** What it answers; an empty object if it isn't up. */
    String ask(String path) {
        try {
            return CLIENT.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException notUp) {
            return "{}";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String lastOfTheLog() throws IOException {
        return lastLines(log()) + "\n\n" + lastLines(folder.resolve("data/postgres.log"));
    }

    private static String lastLines(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "There is no " + file + ".";
        }
        List<String> lines = Files.readAllLines(file);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }

    /** Asks it to stop; says whether it did and left no PostgreSQL behind. */
    boolean stopsWithoutATrace() throws Exception {
        program.destroy();
        return program.waitFor(30, TimeUnit.SECONDS) && postgres().isEmpty();
    }

    @Override
    public void close() throws Exception {
        program.destroy();
        if (!program.waitFor(30, TimeUnit.SECONDS)) {
            program.destroyForcibly().waitFor();
        }
    }
}
