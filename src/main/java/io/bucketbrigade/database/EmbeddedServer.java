package io.bucketbrigade.database;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL of our own, with its data in a folder.
 *
 * <p>A lock file beside the data says that a process is using it; the system takes the lock back when that process dies,
 * however it dies. Who holds the lock may therefore take any server that still runs on the data for an orphan, and stop it.
 * A file among the data says that the folder was set up completely; without it the folder is what an interrupted set-up left,
 * and is put aside. The program is unpacked beside the data, because anybody may write to the system's temporary folder, and
 * what is there is deleted while the server runs.
 */
public final class EmbeddedServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);

    /** The name of the folder, beside the data, into which the program is unpacked. */
    static final String PROGRAM = "postgres-program";

    private final Path data;
    private final int port;
    private final Path program;
    private @Nullable DataLock lock;
    private volatile boolean closing;
    private volatile @Nullable Thread monitor;
    /** Guarded by this. */
    private @Nullable EmbeddedPostgres postgres;

    /**
     * @param data folder for its data
     * @param port the port it listens on, on loopback; 0 for any free one
     */
    public EmbeddedServer(Path data, int port) {
        this(data, port, data.resolveSibling(PROGRAM));
    }

    /** @param program where the program is unpacked, for a server that shares it with another */
    EmbeddedServer(Path data, int port, Path program) {
        this.data = data;
        this.port = port;
        this.program = program;
    }

    synchronized DatabaseAddress start() {
        try {
            Files.createDirectories(data.toAbsolutePath().getParent());
            lock = DataLock.take(data);
            new StagedRestore(data).endInterrupted();
            new OrphanedServer(data).stop();
            setIncompleteDataAside();
            PostgresProgram.closeToOthers(data);
            PostgresVersion.require(data);
            Files.createDirectories(program);
            // The library lets everybody write there, which is of no use to who may not enter.
            PostgresProgram.closeToOthers(program);
            PostgresProgram.removeIncomplete(program);
            PostgresLaunch launch = new PostgresLaunch(data, program, log(), port);
            int takenPort = launch.start(Files.exists(completeMark()));
            postgres = launch.library();
            Thread thread = new Thread(this::keepRunning, "postgres-monitor");
            thread.setDaemon(true);
            monitor = thread;
            thread.start();
            Files.writeString(
                    completeMark(), "Without this file the folder counts as the remains of an interrupted set-up.\n");
            return DatabaseAddress.local(Integer.toString(takenPort), "");
        } catch (IOException | IllegalStateException e) {
            close();
            String why = e instanceof FileSystemException
                    ? Problems.of(e).sentence().replaceFirst("\\.$", "")
                    : e.getMessage();
            throw new Problem(
                    Kind.TRANSIENT,
                    "The embedded PostgreSQL could not be started in " + data + ": " + why
                            + PostgresProgram.lastWords(log()) + ". Start with --verbose and see " + log()
                            + ", or set BRIGADE_DATABASE_URL to a database of your own.",
                    e);
        } catch (Problem e) {
            close();
            throw e;
        }
    }

    /** A server that ends by itself, or that somebody killed, is started again at the same address; its clients reconnect. */
    private void keepRunning() {
        OrphanedServer server = new OrphanedServer(data);
        PostgresProgram program = new PostgresProgram(data, log());
        try {
            while (!closing) {
                server.running().ifPresent(running -> running.onExit().join());
                if (!closing) {
                    LOG.warn("PostgreSQL stopped unexpectedly; it is being restarted");
                    Failsafe.with(asLongAsItTakes()).run(() -> {
                        server.stop();
                        program.startAsBefore();
                    });
                    LOG.info("PostgreSQL is running again");
                }
            }
        } catch (IOException | RuntimeException e) {
            if (!closing) {
                LOG.error(
                        "PostgreSQL could not be restarted: {} Restart the service; see {}",
                        Problems.of(e).sentence(),
                        log());
            }
        }
    }

    private RetryPolicy<Object> asLongAsItTakes() {
        return RetryPolicy.builder()
                .handleIf(failed -> !closing)
                .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(10))
                .withMaxAttempts(-1)
                .onFailedAttempt(attempt -> {
                    if (Integer.bitCount(attempt.getAttemptCount()) == 1) {
                        LOG.warn("PostgreSQL did not start: {}", words(attempt.getLastException()));
                    }
                })
                .build();
    }

    private static String words(@Nullable Throwable thrown) {
        return thrown == null ? "" : String.valueOf(thrown.getMessage());
    }

    private Path log() {
        return data.resolveSibling("postgres.log");
    }

    private Path completeMark() {
        return data.resolve("set-up-completely");
    }

    /** Nothing is deleted: should the mark be missing for another reason, the data is still there. */
    private void setIncompleteDataAside() throws IOException {
        if (!Files.exists(data) || Files.exists(completeMark())) {
            return;
        }
        Path aside = data.resolveSibling("postgres-incomplete-" + System.currentTimeMillis());
        Files.move(data, aside);
        LOG.warn("{} was not set up completely; it was moved to {} and is set up again", data, aside);
    }

    @Override
    public void close() {
        closing = true;
        Thread running = monitor;
        if (running != null) {
            running.interrupt();
        }
        stop();
    }

    private synchronized void stop() {
        try {
            if (postgres != null) {
                EmbeddedPostgres running = postgres;
                postgres = null;
                running.close();
            }
            if (monitor != null) {
                new OrphanedServer(data).stopOwn();
            }
            if (lock != null) {
                lock.close();
                lock = null;
            }
        } catch (IOException | Problem e) {
            LOG.warn("The embedded PostgreSQL was not stopped cleanly: {}", e.getMessage());
        }
    }
}
