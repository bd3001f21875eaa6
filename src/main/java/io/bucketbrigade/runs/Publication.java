package io.bucketbrigade.runs;

import io.bucketbrigade.runs.RunLog.Marked;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Location.Prepared;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Makes a run's results visible: table, record and files, all or nothing.
 *
 * <p>The order is always the same. In one transaction: the rows, a last check that the inputs are still the same, the files that are
 * the result themselves, when little more than the record of the run and the commit can fail. If these do fail, the files are newer
 * than the table for a moment, and the run, which is still open, is done again and overwrites them. After the commit: files that
 * show tables, which can be written again from these: {@link Exports}.
 */
public final class Publication {
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
     * Makes visible what a transaction changed, with the record of the run and rejected.csv.
     *
     * @throws InputsChanged if an input is another one by now; nothing is published
     * @throws SQLException if the database refuses; nothing is published
     * @throws IOException if it can't be determined whether the inputs are the same
     */
    public void commit(Work work) throws SQLException, IOException {
        RowCounts rowCounts = work.rowCounts().with(work.transaction().notes());
        exports.prepareRejected(work, rowCounts);
        commit(work, rowCounts, List.of());
    }

    /**
     * Publishes a table, and files that are the result themselves.
     *
     * @param files what was written beside its place; may be empty
     * @throws InputsChanged if an input is another one by now; nothing is published
     * @throws SQLException if the database refuses; nothing is published
     * @throws IOException if a file can't be put in place
     */
    public void publish(Work work, RowCounts rowCounts, List<Prepared> files, Transaction.Step load)
            throws SQLException, IOException {
        try {
            work.inputs();
            begin(work);
            work.transaction().perform(load);
            commit(work, rowCounts, files);
        } finally {
            files.forEach(Prepared::discard);
        }
    }

    private void commit(Work work, RowCounts rowCounts, List<Prepared> files) throws SQLException, IOException {
        Run run = work.run();
        Inputs inputs = work.inputs();
        Transaction transaction = work.transaction();
        transaction.perform(connection -> {
            List<String> changed = inputs.changed();
            if (!changed.isEmpty()) {
                throw new InputsChanged(changed);
            }
            ledger.beginEnd(connection, run, rowCounts, work.withheld());
        });
        try {
            transaction.perform(connection -> {
                for (Prepared file : files) {
                    file.publish(() -> RunSessions.checkAlive(connection));
                }
                ledger.end(connection, run, rowCounts, paths(transaction, files), work.withheld());
                connection.commit();
            });
        } catch (SQLException | IOException | RuntimeException e) {
            if (!files.isEmpty()) {
                doAgainIfOverwritten(run, e);
            }
            throw e;
        }
        Marked marked = RunLog.of(run);
        try {
            exports.finish(run, transaction.exports());
            ledger.ended(run);
            transaction.close();
            work.closeInputs();
            if (work.withheld().isEmpty()) {
                endings.succeeded(run, rowCounts);
            } else {
                endings.withheld(run, rowCounts, work.withheld());
            }
        } finally {
            marked.end();
        }
    }

    private void doAgainIfOverwritten(Run run, Exception because) {
        try {
            ledger.sessions().doAgainIfOverwritten(run);
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    private static List<String> paths(Transaction transaction, List<Prepared> files) {
        return Stream.concat(files.stream(), transaction.exports().stream().map(Transaction.Export::prepared))
                .map(Prepared::path)
                .filter(path -> !path.isBlank())
                .toList();
    }

    /** Publishes a table alone, without files; otherwise as {@link #publish}. */
    public void publishTable(Work work, RowCounts rowCounts, Transaction.Step load) throws SQLException, IOException {
        publish(work, rowCounts, List.of(), load);
    }
}
