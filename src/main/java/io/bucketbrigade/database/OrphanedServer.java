package io.bucketbrigade.database;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a killed process left of its PostgreSQL: a server that still runs, or the file that says one did. */
final class OrphanedServer {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanedServer.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private final Path data;
    private final Path pidFile;

    OrphanedServer(Path data) {
        this.data = data;
        this.pidFile = data.resolve("postmaster.pid");
    }

    /**
     * Stops the server, if one runs, and removes its file. May be called only by who holds the lock on the data.
     *
     * @throws Problem if it can't be stopped
     * @throws IOException if its file can't be read or removed
     */
    void stop() throws IOException {
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> server = runningServer();
        if (server.isPresent()) {
            LOG.warn(
                    "An earlier start left a PostgreSQL running (process {}); it is being stopped",
                    server.get().pid());
            stop(server.get());
        } else {
            LOG.info("An earlier start did not end cleanly; PostgreSQL will recover by itself");
        }
        awaitLastOfItsProcesses();
        Files.deleteIfExists(pidFile);
    }

    /**
     * Stops the server of this process, if it still runs.
     *
     * @throws Problem if it can't be stopped
     * @throws IOException if its file can't be read
     */
    void stopOwn() throws IOException {
        Optional<ProcessHandle> server = running();
        if (server.isPresent()) {
            stop(server.get());
        }
    }

    /** Whether a server runs on the data. */
    boolean isRunning() throws IOException {
        return running().isPresent();
    }

    /** The server that runs on the data. */
    Optional<ProcessHandle> running() throws IOException {
        return Files.exists(pidFile) ? runningServer() : Optional.empty();
    }

    private Optional<ProcessHandle> runningServer() throws IOException {
        try {
            List<String> lines = Files.readAllLines(pidFile);
            long pid = Long.parseLong(lines.isEmpty() ? "" : lines.get(0).strip());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isPostgres);
        } catch (NumberFormatException | NoSuchFileException itEndsJustNow) {
            return Optional.empty();
        }
    }

    /** The number may long belong to another program. A zombie has no command any more. */
    private boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.endsWith("postgres"))
                .orElse(false);
    }

    /** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one, after which it recovers from its log. */
    private void stop(ProcessHandle server) throws IOException {
        for (String signal : List.of("-INT", "-QUIT")) {
            new ProcessBuilder("kill", signal, Long.toString(server.pid())).start();
            if (hasEnded(server)) {
                return;
            }
            LOG.warn("PostgreSQL (process {}) does not stop on {}", server.pid(), signal);
        }
        throw new Problem(
                Kind.TRANSIENT,
                "A PostgreSQL (process " + server.pid() + ") left by an earlier start is using " + data
                        + " and does not stop. Stop it by hand: kill -9 " + server.pid());
    }

    /**
     * What a killed server had begun may still write for a moment, and a new one must not start meanwhile. It works in the
     * folder of the data, which Linux shows; elsewhere PostgreSQL itself refuses to start, and is tried again.
     */
    private void awaitLastOfItsProcesses() {
        RetryPolicy<Boolean> patience = RetryPolicy.<Boolean>builder()
                .handleResult(true)
                .withDelay(Duration.ofMillis(20))
                .withMaxDuration(STOP_WITHIN)
                .withMaxAttempts(-1)
                .build();
        boolean someAreLeft = Failsafe.with(patience)
                .get(() -> ProcessHandle.allProcesses().filter(this::isPostgres).anyMatch(this::worksInTheData));
        if (someAreLeft) {
            throw new Problem(
                    Kind.TRANSIENT,
                    "Processes of a PostgreSQL that was killed are still running in " + data + ". Stop them by hand.");
        }
    }

    private boolean worksInTheData(ProcessHandle process) {
        Path workingFolder = FilePaths.of("/proc/" + process.pid() + "/cwd");
        try {
            return Files.isSymbolicLink(workingFolder)
                    && Files.readSymbolicLink(workingFolder).equals(data.toRealPath());
        } catch (IOException endedOrNotOurs) {
            return false;
        }
    }

    /** Waits for the end. A process that ended but that nobody has reaped yet counts as ended: it holds nothing any more. */
    private boolean hasEnded(ProcessHandle server) {
        RetryPolicy<Boolean> patience = RetryPolicy.<Boolean>builder()
                .handleResult(false)
                .withDelay(Duration.ofMillis(50))
                .withMaxDuration(STOP_WITHIN)
                .withMaxAttempts(-1)
                .build();
        return Failsafe.with(patience).get(() -> !server.isAlive() || !isPostgres(server));
    }
}
