package io.bucketbrigade.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bucketbrigade.database.Copy;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.EmbeddedServer;
import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.runs.RecurringFailures;
import io.bucketbrigade.support.SetUpPostgres;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The embedded PostgreSQL is killed in the middle of a transaction: the reason is that the database is away, not what that led to. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledDatabaseTest {
    private static final String AWAY = "The database can't be reached or does not answer (";

    private Path data;
    private Database database;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        SetUpPostgres.copyInto(folder);
        data = folder.resolve("postgres");
        database = Database.embedded(new EmbeddedServer(data, 0));
        database.migrate(TestService.ROUTES);
        execute("CREATE TABLE kept (id int)");
    }

    @AfterAll
    void stop() {
        database.close();
    }

    private void execute(String statement) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement doing = connection.createStatement()) {
            doing.execute(statement);
        }
    }

    private String ask(String question) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement asking = connection.createStatement();
                ResultSet row = asking.executeQuery(question)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private void kill() throws IOException {
        long server = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        ProcessHandle postmaster = ProcessHandle.of(server).orElseThrow();
        List<ProcessHandle> sessions = postmaster.children().toList();
        postmaster.destroyForcibly();
        sessions.forEach(ProcessHandle::destroyForcibly);
    }

    /** The server is started again by whoever watches over it. */
    @AfterEach
    void awaitServer() {
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> ask("SELECT 1")
                .equals("1"));
    }

    /** What is logged of work that failed, as the routes that repeat it do. */
    private static List<String> logged(ThrowingCallable work) {
        Throwable failed = catchThrowable(work);
        assertThat(failed).isNotNull();
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        Logger logger = (Logger) LoggerFactory.getLogger(RecurringFailures.class);
        Level before = logger.getLevel();
        // Commands that other tests run in this process leave only errors.
        logger.setLevel(Level.WARN);
        logger.addAppender(appender);
        try {
            new RecurringFailures(new Degradations(InstantSource.system())).degraded("work", failed);
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(before);
        }
        assertThat(appender.list).allMatch(event -> event.getThrowableProxy() == null);
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void a_copy_in_the_middle_says_that_the_database_is_away_and_leaves_nothing() throws Exception {
        byte[] rows = "7\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        assertThat(logged(() -> InTransaction.run(
                        database.pool(),
                        connection -> Copy.into(connection, "COPY kept FROM STDIN", out -> {
                            out.write(rows);
                            out.flush();
                            kill();
                            while (true) {
                                out.write(rows);
                            }
                        }))))
                .singleElement()
                .asString()
                .startsWith("work: " + AWAY);
        awaitServer();
        assertThat(ask("SELECT count(*) FROM kept")).isEqualTo("0");
    }

    @Test
    void work_that_fails_after_a_copy_leaves_nothing_although_the_pool_does_not_know_of_the_copy() throws Exception {
        assertThat(catchThrowable(() -> InTransaction.run(database.pool(), connection -> {
                    Copy.into(connection, "COPY kept FROM STDIN", out -> out.write('7'));
                    throw new IllegalStateException("too late");
                })))
                .hasMessage("too late");
        assertThat(ask("SELECT count(*) FROM kept")).isEqualTo("0");
    }

    @Test
    void a_reader_in_the_middle_says_that_the_database_is_away_and_leaves_nothing_and_reads_the_rows_again()
            throws Exception {
        execute("SELECT brigade.create_stream('killed', 8), brigade.extend_stream('killed', '1 hour')");
        new StreamLog(database.pool(), "killed")
                .append(List.of(new Append(
                        null, List.of(new ArrivedRow(0, "", 1, "{\"n\":1}")), List.of(), new CompletableFuture<>())));
        StreamReading reading = new StreamReading(database.pool(), "killed", "reader", Duration.ofSeconds(15));
        reading.begin();
        assertThat(logged(() -> reading.inTransaction(connection -> {
                    StreamBatch batch = reading.next(connection, 10, 1);
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("INSERT INTO kept VALUES (1)");
                    }
                    kill();
                    reading.move(connection, batch);
                    return batch;
                })))
                .singleElement()
                .asString()
                .startsWith("work: " + AWAY);
        awaitServer();
        assertThat(reading.waiting()).isEqualTo(1);
        assertThat(ask("SELECT count(*) FROM kept")).isEqualTo("0");
    }
}
