package io.bucketbrigade.lake;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.duckdb.ProfilerPrintFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database of DuckDB in memory: it loads no extensions, asks nobody over the network, and spills into a folder what does not fit into its
 * memory. DuckDB's library is loaded when the first one is opened.
 */
public final class DuckSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DuckSession.class);

    /**
     * So many rows of a partitioned table a thread gathers before it hands them to the partitions' files. With DuckDB's 524 288, wide rows don't fit into memory, are put
     * aside on the disk and read back: twice the processor time for 2 M cases in 72 months.
     */
    private static final int ROWS_GATHERED = 8192;

    private final DuckDBConnection connection;
    private final LakeCosts costs = new LakeCosts();
    private volatile boolean cancelled;
    private volatile @Nullable Statement current;

    private DuckSession(DuckDBConnection connection) {
        this.connection = connection;
    }

    /**
     * Opens one.
     *
     * @param limits what it may take
     * @throws SQLException if DuckDB can't be started
     */
    static DuckSession open(Lake.Limits limits) throws SQLException {
        DuckSession opened = new DuckSession(connect(limits.memoryBytes(), limits.threads(), limits.spill()));
        try {
            // All that it could say holds the text of a statement, whose last characters the driver loses if there are
            // emojis in it.
            opened.execute("SET tracked_metrics = [" + LakeCosts.METRICS + "]");
            opened.execute("SET enable_profiling = 'no_output'");
            // Rows have no order but that of ORDER BY: to keep that of a file costs a third of the time that writing
            // takes.
            opened.execute("SET preserve_insertion_order = false");
            opened.execute("SET partitioned_write_flush_threshold = " + ROWS_GATHERED);
            return opened;
        } catch (SQLException | RuntimeException failed) {
            opened.close();
            throw failed;
        }
    }

    /** A database in memory that loads no extension. */
    static DuckDBConnection connect(long memoryBytes, int threads, Path spill) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        properties.setProperty("memory_limit", memoryBytes + "B");
        properties.setProperty("threads", Integer.toString(threads));
        properties.setProperty("temp_directory", spill.toString());
        return (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", properties);
    }

    /** The statements of a text, each of which ends with a semicolon at the end of a line; what is only a comment is not one. */
    static List<String> statements(String text) {
        return Stream.of(text.split(";\\s*(\\n|$)", -1))
                .filter(statement -> statement
                        .lines()
                        .anyMatch(line -> !line.isBlank() && !line.strip().startsWith("--")))
                .toList();
    }

    /** What statements took. */
    LakeCosts costs() {
        return costs;
    }

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
        try (Statement statement = begin();
                ResultSet answer = statement.executeQuery(sql)) {
            return rows.read(answer);
        } finally {
            end();
        }
    }

    /**
     * Does something.
     *
     * @return how many rows were written; less than 0 if it writes none
     * @throws SQLException if the statement is wrong, or was cancelled
     */
    long execute(String sql) throws SQLException {
        try (Statement statement = begin()) {
            statement.execute(sql);
            return statement.getUpdateCount();
        } finally {
            end();
        }
    }

    private void end() throws SQLException {
        current = null;
        costs.add(connection.getProfilingInformation(ProfilerPrintFormat.JSON));
    }

    private Statement begin() throws SQLException {
        requireNotCancelled();
        Statement statement = connection.createStatement();
        current = statement;
        if (cancelled) {
            statement.close();
            requireNotCancelled();
        }
        return statement;
    }

    private void requireNotCancelled() {
        if (cancelled) {
            throw new Problem(Kind.TRANSIENT, "The run was stopped.");
        }
    }

    /** A text as SQL has it. */
    public static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** A name of a column or table as SQL has it. */
    public static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Breaks off what it does; called by another thread. */
    void cancel() {
        cancelled = true;
        Statement running = current;
        if (running != null) {
            try {
                running.cancel();
            } catch (SQLException endedMeanwhile) {
                LOG.debug("What DuckDB did could not be cancelled: {}", endedMeanwhile.getMessage());
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
