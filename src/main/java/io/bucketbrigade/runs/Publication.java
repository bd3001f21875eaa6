package io.bucketbrigade.runs;

import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Location.Prepared;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Makes a run's results visible: table, record and files, all or nothing.
 *
 * <p>With {@link #begin} and {@link #commit}, files that show tables follow the commit: {@link Exports}. With {@link #publish}, the
 * files are put in place when little more than the commit can fail. If that does fail, they are newer than
 * the table for a moment, and the run, which is still open, is done again and overwrites them.
 */
public final class Publication {
    /** Writes the run's rows. */
    @FunctionalInterface
    public interface Load {
        void into(Connection connection) throws SQLException, IOException;
    }

    private final DataSource database;
    private final Ledger ledger;
    private final Exports exports;
    private final RunEndings endings;

    public Publication(DataSource database, Ledger ledger, Exports exports, RunEndings endings) {
        this.database = database;
        this.ledger = ledger;
        this.exports = exports;
        this.endings = endings;
    }

    /**
     * Begins to change the database. If it isn't committed until the work is closed, nothing was changed.
     *
     * @throws SQLException if the database can't be reached
     */
    public void begin(Work work) throws SQLException {
        Connection connection = database.getConnection();
        Transaction transaction = new Transaction(work.run(), connection);
        try {
            connection.setAutoCommit(false);
            ledger.sessions().mark(connection, work.id());
        } catch (SQLException e) {
            transaction.close();
            throw e;
        }
        work.begin(transaction);
    }

    /** Keeps what a query found, a name and a number in each row, among the notes of the run. */
    public void note(Work work, List<Map<String, Object>> rows) {
        for (Map<String, Object> row : rows) {
            Iterator<Object> values = row.values().iterator();
            work.transaction().note(String.valueOf(values.next()), ((Number) values.next()).longValue());
        }
    }

    /**
     * Makes visible what a transaction changed, with the record of the run; then puts its files in place, rejected.csv among them, and
     * closes the inputs.
     *
     * @throws InputsChanged if an input is another one by now; nothing is published
     * @throws SQLException if the database refuses; nothing is published
     * @throws IOException if it can't be told whether the inputs are the same
     */
    public void commit(Work work) throws SQLException, IOException {
        Run run = work.run();
        Inputs inputs = work.inputs();
        Transaction transaction = work.transaction();
        RowCounts rowCounts = work.rowCounts().with(transaction.notes());
        exports.prepareRejected(work, rowCounts);
        transaction.perform(connection -> {
            List<String> changed = inputs.changed();
            if (!changed.isEmpty()) {
                throw new InputsChanged(changed);
            }
            ledger.beginSuccess(connection, run, rowCounts);
            ledger.succeed(
                    connection,
                    run,
                    rowCounts,
                    paths(transaction.exports().stream()
                            .map(Transaction.Export::prepared)
                            .toList()));
            connection.commit();
        });
        exports.finish(run, transaction.exports());
        ledger.ended(run);
        transaction.close();
        work.closeInputs();
        endings.succeeded(run, rowCounts);
    }

    /**
     * Publishes, and closes the inputs.
     *
     * @param files what was written beside its place; may be empty
     * @throws InputsChanged if an input is another one by now; nothing is published
     * @throws SQLException if the database refuses; nothing is published
     * @throws IOException if a file can't be put in place
     */
    public void publish(Work work, RowCounts rowCounts, List<Prepared> files, Load load)
            throws SQLException, IOException {
        Run run = work.run();
        Inputs inputs = work.inputs();
        boolean placing = false;
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                ledger.sessions().mark(connection, run.id());
                load.into(connection);
                List<String> changed = inputs.changed();
                if (!changed.isEmpty()) {
                    throw new InputsChanged(changed);
                }
                ledger.beginSuccess(connection, run, rowCounts);
                for (Prepared file : files) {
                    placing = true;
                    file.publish(() -> RunSessions.checkAlive(connection));
                }
                ledger.succeed(connection, run, rowCounts, paths(files));
                connection.commit();
            } catch (SQLException | IOException | RuntimeException e) {
                RunSessions.rollBack(connection, e);
                if (placing) {
                    doAgainIfOverwritten(run, e);
                }
                throw e;
            }
        } finally {
            files.forEach(Prepared::discard);
        }
        ledger.ended(run);
        work.closeInputs();
        endings.succeeded(run, rowCounts);
    }

    private void doAgainIfOverwritten(Run run, Exception because) {
        try {
            ledger.sessions().doAgainIfOverwritten(run);
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    private static List<String> paths(List<Prepared> files) {
        return files.stream()
                .map(Prepared::path)
                .filter(path -> !path.isBlank())
                .toList();
    }

    /** Publishes a table alone, without files; otherwise as {@link #publish}. */
    public void publishTable(Work work, RowCounts rowCounts, Load load) throws SQLException, IOException {
        publish(work, rowCounts, List.of(), load);
    }
}
