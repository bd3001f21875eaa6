package io.bucketbrigade.lake;

import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of a pipeline as one run published them, in a database of DuckDB in memory that reads nothing but their files. It is let go by the last of those
 * who use it, one of whom is whoever keeps it as the current one.
 */
final class LakeSnapshot {
    private static final Logger LOG = LoggerFactory.getLogger(LakeSnapshot.class);

    /** The schema in which each table has one more column: the run that wrote a row. */
    private static final String WITH_RUNS = "written";

    private final Version version;
    private final @Nullable Long run;
    private final DuckDBConnection connection;
    private final LakeFiles files;
    /** The tables that no statement has named yet. */
    private final Map<String, LakeTable> unnamed;

    private final AtomicInteger users = new AtomicInteger(1);
    private final Set<Statement> running = new HashSet<>();
    private boolean cancelled;

    private LakeSnapshot(
            Version version,
            @Nullable Long run,
            DuckDBConnection connection,
            LakeFiles files,
            Map<String, LakeTable> tables) {
        this.files = files;
        this.unnamed = tables;
        this.version = version;
        this.run = run;
        this.connection = connection;
    }

    /**
     * What distinguishes one snapshot from another.
     *
     * @param pointers the current metadata file of each table
     * @param preparation what is executed once
     */
    record Version(Map<String, String> pointers, String preparation) {}

    /**
     * What was found.
     *
     * @param rows by the keys of the questions
     */
    record Answer(Map<String, LakeRows> rows) {
        static Answer none(Set<String> keys) {
            Map<String, LakeRows> rows = new LinkedHashMap<>();
            keys.forEach(key -> rows.put(key, new LakeRows(List.of(), List.of())));
            return new Answer(rows);
        }
    }

    /**
     * Opens the one that is published now.
     *
     * @param statements those that will prepare it
     * @throws SQLException if the database is away, or DuckDB can't be started
     * @throws IOException if the files of a table can't be listed
     */
    static LakeSnapshot open(
            DataSource database, String pipeline, LakeFiles files, LakeQueries.Limits limits, String statements)
            throws SQLException, IOException {
        Map<String, LakeTable> tables = new LinkedHashMap<>();
        Map<String, String> pointers = InTransaction.get(database, (Connection catalog) -> {
            // All tables as they were at one moment.
            catalog.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            Map<String, String> found = LakeTableOperations.pointers(catalog, pipeline);
            // What somebody else keeps elsewhere under the same namespace is not ours; if none is here, the lake was
            // moved, which loading says.
            if (found.values().stream().anyMatch(files::isBelow)) {
                found.values().removeIf(pointer -> !files.isBelow(pointer));
            }
            for (String name : found.keySet()) {
                tables.put(name, LakeTable.load(catalog, TableName.of(pipeline, name), files));
            }
            return found;
        });
        Long run = tables.values().stream()
                .map(LakeTable::runBefore)
                .filter(Objects::nonNull)
                .max(Long::compare)
                .orElse(null);
        LakeSnapshot made = new LakeSnapshot(
                new Version(pointers, statements),
                run,
                DuckSession.connect(limits.memoryBytes(), limits.threads(), limits.spill()),
                files,
                tables);
        try {
            made.execute("CREATE SCHEMA " + WITH_RUNS);
            if (!made.isEmpty()) {
                made.execute("SET allowed_directories = ["
                        + DuckSession.quoted(files.data().folder().toString()) + "]");
                made.execute("SET enable_external_access = false");
            }
            return made;
        } catch (SQLException | IOException | RuntimeException failed) {
            made.release();
            throw failed;
        }
    }

    /**
     * Executes what prepares it, however long that takes.
     *
     * @param file that it is from
     * @throws Problem if a statement is wrong
     * @throws SQLException if DuckDB fails
     * @throws IOException if the files of a table can't be fetched
     */
    void prepare(Path file) throws SQLException, IOException {
        if (!isEmpty()) {
            perform(connection, file, version.preparation(), Duration.ZERO);
            execute("SET lock_configuration = true");
        }
    }

    Version version() {
        return version;
    }

    /** The run that published it last; null if none did. */
    @Nullable
    Long run() {
        return run;
    }

    /** Whether there is no table. */
    boolean isEmpty() {
        return version.pointers().isEmpty();
    }

    /** From now on the caller uses it, too. */
    void use() {
        users.incrementAndGet();
    }

    /** The caller does not use it any more. */
    void release() {
        if (users.decrementAndGet() == 0) {
            try (files) {
                connection.close();
            } catch (SQLException e) {
                LOG.warn("A snapshot of a lake was not closed ({})", e.getMessage());
            }
        }
    }

    /**
     * Breaks off what it does, and does nothing more; called by another thread. What is about to begin may escape that once, so it must be called until
     * nothing is left.
     *
     * @return whether nothing is left
     */
    synchronized boolean cancel() {
        cancelled = true;
        for (Statement statement : running) {
            try {
                statement.cancel();
            } catch (SQLException e) {
                LOG.warn("A question could not be cancelled ({})", e.getMessage());
            }
        }
        return running.isEmpty();
    }

    /**
     * Answers questions.
     *
     * @param selection the file with what is executed before
     * @param questions the files with the queries, by their keys
     * @param parameters what statements find as variables
     * @param time after which one is broken off
     * @throws Problem if one takes longer, or is wrong
     * @throws SQLException if DuckDB fails
     * @throws IOException if the files of a table can't be fetched
     */
    Answer answer(Path selection, Map<String, Path> questions, Map<String, List<String>> parameters, Duration time)
            throws SQLException, IOException {
        // What is set in a connection of its own is seen by nobody else.
        try (Connection own = connection.duplicate()) {
            for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
                if (!parameter.getValue().isEmpty()) {
                    set(own, parameter.getKey(), parameter.getValue());
                }
            }
            perform(own, selection, TextFile.read(selection), time);
            Map<String, LakeRows> rows = new LinkedHashMap<>();
            for (Map.Entry<String, Path> question : questions.entrySet()) {
                String query = TextFile.read(question.getValue());
                show(query);
                rows.put(question.getKey(), run(own, question.getValue(), time, statement -> {
                    try (ResultSet answer = statement.executeQuery(query)) {
                        return LakeRows.read(answer);
                    }
                }));
            }
            return new Answer(rows);
        }
    }

    private static void set(Connection own, String name, List<String> values) throws SQLException {
        try (PreparedStatement set =
                own.prepareStatement("SET VARIABLE " + DuckSession.name(name) + " = ?::VARCHAR[]")) {
            set.setObject(1, own.createArrayOf("VARCHAR", values.toArray()));
            set.execute();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Makes views of the tables that a text names. Files are fetched from a bucket only for what somebody asks about. */
    private void show(String statements) throws SQLException, IOException {
        synchronized (unnamed) {
            for (String table : List.copyOf(unnamed.keySet())) {
                LakeTable known = Objects.requireNonNull(unnamed.get(table));
                if (known.name().isIn(statements)) {
                    execute("CREATE OR REPLACE VIEW " + DuckSession.name(table) + " AS " + known.query());
                    execute("CREATE OR REPLACE VIEW " + WITH_RUNS + "." + DuckSession.name(table) + " AS "
                            + known.queryWithRuns());
                    unnamed.remove(table);
                }
            }
        }
    }

    private void perform(Connection own, Path file, String statements, Duration time) throws SQLException, IOException {
        show(statements);
        for (String one : DuckSession.statements(statements)) {
            run(own, file, time, statement -> statement.execute(one));
        }
    }

    @FunctionalInterface
    private interface Step<T> {
        T with(Statement statement) throws SQLException;
    }

    private <T> T run(Connection own, Path file, Duration time, Step<T> step) throws SQLException {
        try (Statement statement = own.createStatement()) {
            // DuckDB counts whole seconds; 0 means any time.
            statement.setQueryTimeout((int) time.toSeconds());
            begin(statement);
            try {
                return step.with(statement);
            } finally {
                end(statement);
            }
        } catch (SQLTimeoutException broken) {
            throw isCancelled() ? LakeQueries.stopping() : tooLong(time, broken);
        } catch (SQLException wrong) {
            throw DuckProblem.of(wrong, file, "BRIGADE_LAKE_QUERIES_MEMORY");
        }
    }

    private static Problem tooLong(Duration time, SQLException broken) {
        return new Problem(
                Kind.TRANSIENT,
                "The answer took longer than " + time.toSeconds()
                        + " s (BRIGADE_LAKE_QUERIES_TIME), so it was broken off. Ask for less, or raise the limit.",
                broken);
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private synchronized void begin(Statement statement) {
        if (cancelled) {
            throw LakeQueries.stopping();
        }
        running.add(statement);
    }

    private synchronized void end(Statement statement) {
        running.remove(statement);
    }
}
