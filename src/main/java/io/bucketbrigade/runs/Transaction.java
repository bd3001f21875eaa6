package io.bucketbrigade.runs;

import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.storage.Location.Prepared;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run changes in the database, step by step as a route says, until {@link Publication#commit} makes all of it visible at
 * once. The first step that fails takes everything back, and lets go of what was locked.
 */
public final class Transaction implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

    /** A step. */
    @FunctionalInterface
    public interface Step {
        void in(Connection connection) throws SQLException, IOException;
    }

    /** A file that is put in place when the transaction is committed. */
    record Export(Place place, Prepared prepared) {}

    /**
     * Where a file goes.
     *
     * @param location the folder or bucket
     * @param file its name
     */
    record Place(String location, String file) {}

    private final Run run;
    private final Connection connection;
    private final Map<String, Long> notes = new LinkedHashMap<>();
    private final List<Export> exports = new ArrayList<>();
    private final Object ending = new Object();
    /** From then on, the connection may be somebody else's. */
    private boolean isEnded;

    Transaction(Run run, Connection connection) {
        this.run = run;
        this.connection = connection;
        RunDataSource.begin(connection);
    }

    /** Whose it is. */
    public Run run() {
        return run;
    }

    /**
     * Does a step.
     *
     * @throws SQLException if the database refuses; everything is rolled back
     * @throws IOException if reading, writing or the line fails; everything is rolled back
     */
    public void perform(Step step) throws SQLException, IOException {
        try {
            step.in(connection);
        } catch (SQLException | IOException | RuntimeException e) {
            takeBack(e);
            throw e;
        }
    }

    /** Breaks off the statement that it is in, if it is in one; called by another thread. */
    void cancel() {
        synchronized (ending) {
            if (isEnded) {
                return;
            }
            try {
                connection.unwrap(PGConnection.class).cancelQuery();
            } catch (SQLException e) {
                LOG.debug("A statement could not be cancelled: {}", e.getMessage());
            }
        }
    }

    private void takeBack(Exception because) {
        try {
            if (!connection.isClosed()) {
                InTransaction.rollBack(connection, because);
            }
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
        close();
    }

    /** Keeps a figure worth reporting. */
    public void note(String name, long value) {
        notes.put(name, value);
    }

    Map<String, Long> notes() {
        return notes;
    }

    void add(Export export) {
        exports.add(export);
    }

    List<Export> exports() {
        return exports;
    }

    /** Ends it; what was not committed is as if it had not been. */
    @Override
    public void close() {
        exports.forEach(export -> export.prepared().discard());
        exports.clear();
        RunDataSource.end();
        synchronized (ending) {
            isEnded = true;
        }
        try {
            if (!connection.isClosed()) {
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                }
                connection.close();
            }
        } catch (SQLException e) {
            if (Problems.isDatabaseAway(e)) {
                // The step that noticed it has said so.
                return;
            }
            LOG.warn("A connection could not be returned to the pool cleanly: {}", e.getMessage());
        }
    }
}
