package io.bucketbrigade.database;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first start of a server by a process. The library that makes it waits for an answer and for nothing else: a server that
 * dies while it starts is waited for in vain, and one that takes long to recover is given up. So where the data are set up, the
 * library's patience is short; after that, a dead server is started again, and a live one is waited for.
 */
final class PostgresLaunch {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresLaunch.class);
    private static final Duration SET_UP_WITHIN = Duration.ofSeconds(60);
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 4;
    private static final int LOWEST_PORT = 15_000;
    private static final int FIRST_OUTGOING_PORT = 32_000;

    private final Path data;
    private final Path program;
    private final Path log;
    private final int wantedPort;
    private @Nullable EmbeddedPostgres library;

    PostgresLaunch(Path data, Path program, Path log, int wantedPort) {
        this.data = data;
        this.program = program;
        this.log = log;
        this.wantedPort = wantedPort;
    }

    /** What made the start, if it saw it through. */
    @Nullable
    EmbeddedPostgres library() {
        return library;
    }

    /**
     * Starts the server, and waits until it takes connections.
     *
     * @param setUp whether the data were set up completely by an earlier start
     * @return its port
     * @throws IOException if it doesn't start
     * @throws IllegalStateException if it doesn't start either
     */
    int start(boolean setUp) throws IOException {
        OrphanedServer server = new OrphanedServer(data);
        for (int attempt = 1; ; attempt++) {
            int port = wantedPort == 0 ? freePort() : wantedPort;
            try {
                library = start(port, setUp ? ANSWERS_WITHIN : SET_UP_WITHIN);
                return port;
            } catch (IOException | IllegalStateException e) {
                if (setUp && answersAtLast(server, port)) {
                    return port;
                }
                if (!setUp || attempt == ATTEMPTS) {
                    throw e;
                }
                LOG.warn("PostgreSQL did not start{}; trying again", PostgresProgram.lastWords(log));
                server.stop();
            }
        }
    }

    private EmbeddedPostgres start(int port, Duration wait) throws IOException {
        // The library's own lock, which an attempt that failed keeps; ours beside the data says who may use them.
        Files.deleteIfExists(data.resolve("epg-lock"));
        return EmbeddedPostgres.builder()
                .setDataDirectory(data.toFile())
                .setCleanDataDirectory(false)
                .setOverrideWorkingDirectory(program.toFile())
                .setLocaleConfig("locale", "C")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("listen_addresses", "localhost")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("log_checkpoints", "off")
                .setPGStartupWait(wait)
                .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .setPort(port)
                .start();
    }

    /** Whether it takes connections, now or when it has recovered; false if it ends before. */
    private static boolean answersAtLast(OrphanedServer server, int port) throws IOException {
        if (!server.isRunning()) {
            return false;
        }
        LOG.info("PostgreSQL is recovering; this may take a while");
        RetryPolicy<Boolean> untilEitherIsSure = RetryPolicy.<Boolean>builder()
                .handleResult(null)
                .withDelay(Duration.ofMillis(200))
                .withMaxAttempts(-1)
                .build();
        return Boolean.TRUE.equals(Failsafe.with(untilEitherIsSure).get(() -> answers(server, port)));
    }

    private static @Nullable Boolean answers(OrphanedServer server, int port) throws IOException {
        try (Connection connection =
                DriverManager.getConnection("jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "")) {
            return connection.isValid(5) ? true : null;
        } catch (SQLException notYet) {
            return server.isRunning() ? null : false;
        }
    }

    /** Below the ports that systems give to outgoing connections, one of which could take it before PostgreSQL does. */
    private static int freePort() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(LOWEST_PORT, FIRST_OUTGOING_PORT);
            try (ServerSocket free = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException taken) {
                LOG.debug("Port {} is in use", candidate);
            }
        }
        throw new IOException("no free port was found between " + LOWEST_PORT + " and " + FIRST_OUTGOING_PORT);
    }
}
