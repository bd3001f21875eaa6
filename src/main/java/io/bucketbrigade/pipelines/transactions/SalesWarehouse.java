package io.bucketbrigade.pipelines.transactions;

import io.bucketbrigade.aws.Parallel;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.streams.StreamBatch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.Body;

/**
 * The warehouse, which analysts ask: tables of the database, which SQL fills, or a schema of Redshift, which this class does. What the business
 * questions of the API are answered from is in the database either way.
 */
public final class SalesWarehouse {
    private static final String POSTGRESQL = "postgresql";
    /** Which one does not matter: it says itself whose rows it has, and up to which position. */
    private static final String REDSHIFT = "redshift";

    private static final String DEALT_WITH = """
            SELECT partition, position FROM brigade.stream_readers WHERE stream = 'transactions' AND reader = 'redshift'
            """;
    /** Otherwise the log would keep all rows for it. */
    private static final String FORGET_READER = """
            DELETE FROM brigade.stream_readers WHERE stream = 'transactions' AND reader = 'redshift'
            """;

    private static final Duration TIDY_EVERY = Duration.ofHours(1);

    private final RedshiftTables redshift;
    private final FilledStore filled;
    private final DataSource database;
    private final BatchTransaction batch;
    private final boolean isRedshift;
    private final Parallel loading = new Parallel();
    private volatile boolean isChosen;
    private volatile boolean isReady;
    private long tidied = System.nanoTime() - TIDY_EVERY.toNanos();

    /**
     * @param batch the transaction of the batch that a route deals with
     * @param warehouse redshift or postgresql
     */
    public SalesWarehouse(RedshiftTables redshift, DataSource database, DataSource batch, String warehouse) {
        this.redshift = redshift;
        this.filled = FilledStore.ofFacts(database);
        this.database = database;
        this.batch = new BatchTransaction(batch, "Redshift");
        this.isRedshift = !warehouse.equals(POSTGRESQL);
    }

    /**
     * Makes sure, once, that no other warehouse has rows that this one does not have.
     *
     * @throws Problem if one has
     * @throws SQLException if the database refuses, or is away
     */
    public void choose() throws SQLException {
        if (!isChosen) {
            filled.use(isRedshift ? REDSHIFT : POSTGRESQL);
            if (!isRedshift) {
                try (Connection connection = database.getConnection();
                        Statement forget = connection.createStatement()) {
                    forget.executeUpdate(FORGET_READER);
                }
            }
            isChosen = true;
        }
    }

    /**
     * The same, and makes sure that Redshift can be used, if that is the warehouse; makes schema and tables where there are none, and tidies up in
     * the bucket now and then.
     *
     * @throws Problem if it can't be used, or does not have what was brought there before
     * @throws SQLException if the database refuses, or is away
     */
    public void prepare() throws SQLException {
        choose();
        if (isRedshift) {
            prepareRedshift();
            tidy();
        }
    }

    private synchronized void prepareRedshift() throws SQLException {
        if (!isReady) {
            // First what the database says: Redshift is never behind that.
            Map<Integer, Long> dealtWith = dealtWith();
            String log = filled.use(REDSHIFT).log();
            redshift.prepare(log, dealtWith);
            isReady = true;
        }
    }

    private Map<Integer, Long> dealtWith() throws SQLException {
        Map<Integer, Long> positions = new HashMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(DEALT_WITH);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                positions.put(row.getInt(1), row.getLong(2));
            }
        }
        return positions;
    }

    private synchronized void tidy() {
        if (System.nanoTime() - tidied >= TIDY_EVERY.toNanos()) {
            redshift.tidy();
            tidied = System.nanoTime();
        }
    }

    /**
     * Brings a batch into Redshift. The transaction of the batch does not end although that may take long.
     *
     * @throws Problem if that fails; it is tried again
     */
    public void write(@Body StreamBatch rows) {
        loading.all(List.of(() -> load(rows)), batch::keep);
    }

    private void load(StreamBatch rows) {
        try {
            choose();
            prepareRedshift();
            redshift.load(rows);
        } catch (SQLException e) {
            throw Problems.of(e);
        } catch (RuntimeException failed) {
            // Perhaps the tables are gone, or as they were at an earlier time.
            isReady = false;
            throw failed;
        }
    }

    /**
     * Checks that files can be loaded straight into the warehouse, which only PostgreSQL can do in the transaction of their run.
     *
     * @throws Problem if it is in Redshift
     */
    public void requireFiles() {
        if (isRedshift) {
            throw new Problem(
                    Kind.USAGE,
                    "Files are loaded straight into PostgreSQL only, and TRANSACTIONS_WAREHOUSE is redshift. Send the file instead:"
                            + " ./brigade send FILE URL.");
        }
    }

    /**
     * Checks that a rebuild can fill Redshift.
     *
     * @throws Problem if it is used and not empty
     */
    public void requireEmpty() {
        if (isRedshift) {
            redshift.requireEmpty();
        }
    }
}
