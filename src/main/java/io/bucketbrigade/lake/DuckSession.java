package io.bucketbrigade.lake;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Properties;
import org.duckdb.DuckDBDriver;

/**
 * A database of DuckDB in memory for one run: it loads no extensions, asks nobody over the network, and spills into a folder what does not fit into its
 * memory. DuckDB's library is loaded when the first one is opened.
 */
final class DuckSession implements AutoCloseable {
    private final Connection connection;
    private volatile boolean cancelled;

    private DuckSession(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens one.
     *
     * @param limits what it may take
     * @throws SQLException if DuckDB can't be started
     */
    static DuckSession open(Limits limits) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        properties.setProperty("memory_limit", limits.memoryBytes() + "B");
        properties.setProperty("threads", Integer.toString(limits.threads()));
        properties.setProperty("temp_directory", limits.spill().toString());
        Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", properties);
        return new DuckSession(connection);
    }

    /**
     * What a session may take.
     *
     * @param memoryBytes the most that its buffers may hold
     * @param threads how many work at once
     * @param spill the folder for what does not fit
     */
    record Limits(long memoryBytes, int threads, Path spill) {}

    /** Reads the rows of an answer. */
    @FunctionalInterface
    interface Rows<T> {
        T read(ResultSet rows) throws SQLException;
    }

    /**
     * Asks something.
     *
     * @throws SQLException if the statement is wrong, or was cancelled
     */
    <T> T ask(String sql, Rows<T> rows) throws SQLException {
        requireNotCancelled();
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            return rows.read(answer);
        }
    }

    /**
     * Does something.
     *
     * @throws SQLException if the statement is wrong, or was cancelled
     */
    void execute(String sql) throws SQLException {
        requireNotCancelled();
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void requireNotCancelled() {
        if (cancelled) {
            throw new Problem(Kind.TRANSIENT, "The run was stopped.");
        }
    }

    /** A text as SQL has it. */
    static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** A name of a column or table as SQL has it. */
    static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A type as DuckDB names it, without its parameters, in lower case. */
    static String plainType(String type) {
        return type.replaceFirst("\\(.*", "").strip().toLowerCase(Locale.ROOT);
    }

    /** Breaks off what it does; called by another thread. */
    void cancel() {
        cancelled = true;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
