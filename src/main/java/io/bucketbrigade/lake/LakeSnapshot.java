package io.bucketbrigade.lake;

import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.lake.LakeCatalog.Pointer;
import io.bucketbrigade.problems.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
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
    /** The run that published each table last. */
    private final Map<TableName, Long> runs;

    private final DuckDBConnection connection;
    private final LakeFiles files;
    /** The tables that no statement has named yet. */
    private final Map<String, Pointer> unnamed;

    private final Semaphore fetching = new Semaphore(1, true);

    private final AtomicInteger users = new AtomicInteger(1);
    private final Set<Statement> running = new HashSet<>();
    private boolean cancelled;

    private LakeSnapshot(Version version, Map<TableName, Long> runs, DuckDBConnection connection, LakeFiles files) {
        this.files = files;
        this.unnamed = version.pointers().stream()
                .collect(Collectors.toConcurrentMap(pointer -> pointer.name().table(), pointer -> pointer));
        this.version = version;
        this.runs = runs;
        this.connection = connection;
    }

    /**
     * What distinguishes one snapshot from another.
     *
     * @param pointers where the tables are, whoever keeps them
     * @param preparation what is executed once
     */
    record Version(List<Pointer> pointers, String preparation) {
        /**
         * The one that is published now.
         *
         * @throws SQLException if the database is away
         */
        static Version of(DataSource database, String pipeline, String preparation) throws SQLException {
            try (Connection connection = database.getConnection()) {
                return new Version(
                        new LakeCatalog(connection)
                                .pointers(TableName.namespaceOf(pipeline)).stream()
                                        .filter(Pointer::isTable)
                                        .toList(),
                        preparation);
            }
        }
    }

    /**
     * Opens one.
     *
     * @throws SQLException if DuckDB can't be started
     * @throws IOException if there is no place for files
     */
    static LakeSnapshot open(Version version, LakeFiles files, LakeQueries.Limits limits)
            throws SQLException, IOException {
        LakeSnapshot made = new LakeSnapshot(
                version,
                runs(version, files),
                DuckSession.connect(limits.memoryBytes(), limits.threads(), limits.spill()),
                files);
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

    /** The last run that published each of the tables that can be read. */
    private static Map<TableName, Long> runs(Version version, LakeFiles files) {
        Map<TableName, Long> runs = new HashMap<>();
        for (Pointer pointer : version.pointers()) {
            try {
                Long run = LakeTable.run(pointer.read(files));
                if (run != null) {
                    runs.put(pointer.name(), run);
                }
            } catch (Problem unreadable) {
                LOG.debug("{}", unreadable.sentence());
            }
        }
        return runs;
    }

    /**
     * Executes what prepares it, however long that takes.
     *
     * @param file that it is from
     * @throws Problem if a statement is wrong, or a table that one names can't be read
     * @throws SQLException if DuckDB fails
     * @throws IOException if the files of a table can't be fetched
     */
    void prepare(Path file) throws SQLException, IOException {
        if (!isEmpty()) {
            show(version.preparation());
            perform(connection, file, version.preparation(), null);
            execute("SET lock_configuration = true");
        }
    }

    Version version() {
        return version;
    }

    /** The last run that published one of the tables that its preparation or a text names; null if none did. */
    @Nullable
    Long run(String text) {
        return runs.entrySet().stream()
                .filter(table -> table.getKey().isIn(version.preparation())
                        || table.getKey().isIn(text))
                .map(Map.Entry::getValue)
                .max(Long::compare)
                .orElse(null);
    }

    /** Whether there is no table. */
    boolean isEmpty() {
        return version.pointers().isEmpty();
    }

    /** From now on the caller uses it, too; somebody else must be using it. */
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
     * Makes sure that the tables that a text names can be asked. Files are fetched from a bucket only for what somebody asks about; only for who fetches
     * them, the time of the answer begins when they are there.
     *
     * @return whether they can; false if no time is left, because somebody else is fetching files
     * @throws Problem if one of them can't be read
     * @throws SQLException if DuckDB fails
     * @throws IOException if the files can't be fetched
     */
    boolean fetch(String text, Deadline deadline) throws SQLException, IOException {
        if (!isUnnamedIn(text)) {
            return true;
        }
        if (!deadline.acquire(fetching)) {
            return false;
        }
        try {
            if (isUnnamedIn(text)) {
                show(text);
                deadline.restart();
            }
            return true;
        } finally {
            fetching.release();
        }
    }

    private boolean isUnnamedIn(String text) {
        return unnamed.values().stream().anyMatch(table -> table.name().isIn(text));
    }

    /** Makes views of the tables that a text names. A table that can't be read never counts as empty. */
    private void show(String text) throws SQLException, IOException {
        for (Pointer pointer : List.copyOf(unnamed.values())) {
            if (pointer.name().isIn(text)) {
                show(LakeTable.load(pointer, files));
                unnamed.remove(pointer.name().table());
            }
        }
    }

    private void show(LakeTable table) throws SQLException, IOException {
        String name = DuckSession.name(table.name().table());
        execute("CREATE OR REPLACE VIEW " + name + " AS " + table.query());
        execute("CREATE OR REPLACE VIEW " + WITH_RUNS + "." + name + " AS " + table.queryWithRuns());
    }

    /**
     * Answers questions about tables that were fetched.
     *
     * @param selection the file with what is executed before
     * @param questions the files with the queries, by their keys
     * @param parameters what statements find as variables
     * @param deadline when they are broken off
     * @return the rows, by the keys
     * @throws Problem if they take longer, or one is wrong
     * @throws SQLException if DuckDB fails
     */
    Map<String, LakeRows> answer(
            Path selection, Map<String, Path> questions, Map<String, List<String>> parameters, Deadline deadline)
            throws SQLException {
        // What is set in a connection of its own is seen by nobody else.
        try (Connection own = connection.duplicate()) {
            for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
                if (!parameter.getValue().isEmpty()) {
                    set(own, parameter.getKey(), parameter.getValue());
                }
            }
            perform(own, selection, TextFile.read(selection), deadline);
            Map<String, LakeRows> rows = new LinkedHashMap<>();
            for (Map.Entry<String, Path> question : questions.entrySet()) {
                String query = TextFile.read(question.getValue());
                rows.put(question.getKey(), run(own, question.getValue(), deadline, statement -> {
                    try (ResultSet answer = statement.executeQuery(query)) {
                        return LakeRows.read(answer);
                    }
                }));
            }
            return rows;
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

    private void perform(Connection own, Path file, String statements, @Nullable Deadline deadline)
            throws SQLException {
        for (String one : DuckSession.statements(statements)) {
            run(own, file, deadline, statement -> statement.execute(one));
        }
    }

    @FunctionalInterface
    private interface Step<T> {
        T with(Statement statement) throws SQLException;
    }

    /** @param deadline when it is broken off; null if it may take any time */
    private <T> T run(Connection own, Path file, @Nullable Deadline deadline, Step<T> step) throws SQLException {
        try (Statement statement = own.createStatement()) {
            if (deadline != null) {
                // DuckDB counts whole seconds.
                statement.setQueryTimeout(
                        (int) deadline.left().plusNanos(999_999_999).toSeconds());
                deadline.require();
            }
            begin(statement);
            try {
                return step.with(statement);
            } finally {
                end(statement);
            }
        } catch (SQLTimeoutException broken) {
            throw deadline == null || isCancelled() ? LakeQueries.stopping() : deadline.passed(broken);
        } catch (SQLException wrong) {
            throw DuckProblem.of(wrong, file, "BRIGADE_LAKE_QUERIES_MEMORY");
        }
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
