package io.bucketbrigade.runs;

import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Location.Prepared;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

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

    public Publication(DataSource database, Ledger ledger, Exports exports) {
        this.database = database;
        this.ledger = ledger;
        this.exports = exports;
    }

    /**
     * Begins to change the database. If it isn't committed until the exchange is done, nothing was changed.
     *
     * @throws SQLException if the database can't be reached
     */
    public Transaction begin(Run run, Exchange exchange) throws SQLException {
        Connection connection = database.getConnection();
        Transaction transaction = new Transaction(run, connection);
        try {
            connection.setAutoCommit(false);
            ledger.sessions().mark(connection, run.id());
        } catch (SQLException e) {
            transaction.close();
            throw e;
        }
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                transaction.close();
            }
        });
        return transaction;
    }

    /**
     * Makes visible what a transaction changed, with the record of the run; then puts its files in place, and closes the inputs.
     *
     * @return the accounts with what was noted on the way
     * @throws InputsChanged if an input is another one by now; nothing is published
     * @throws SQLException if the database refuses; nothing is published
     * @throws IOException if it can't be told whether the inputs are the same
     */
    public Accounts commit(Transaction transaction, Inputs inputs, Accounts accounts) throws SQLException, IOException {
        Run run = transaction.run();
        Accounts noted = accounts.with(transaction.notes());
        transaction.perform(connection -> {
            List<String> changed = inputs.changed();
            if (!changed.isEmpty()) {
                throw new InputsChanged(changed);
            }
            ledger.beginSuccess(connection, run, noted);
            ledger.succeed(
                    connection,
                    run,
                    noted,
                    paths(transaction.exports().stream()
                            .map(Transaction.Export::prepared)
                            .toList()));
            connection.commit();
        });
        exports.finish(run, transaction.exports());
        ledger.ended(run);
        transaction.close();
        OpenInputs.close(inputs);
        return noted;
    }

    /**
     * Publishes, and closes the inputs: the exchange may go on with another run.
     *
     * @param files what was written beside its place; may be empty
     * @throws InputsChanged if an input is another one by now; nothing is published
     * @throws SQLException if the database refuses; nothing is published
     * @throws IOException if a file can't be put in place
     */
    public void publish(Run run, Inputs inputs, Accounts accounts, List<Prepared> files, Load load)
            throws SQLException, IOException {
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
                ledger.beginSuccess(connection, run, accounts);
                for (Prepared file : files) {
                    placing = true;
                    file.publish(() -> RunSessions.checkAlive(connection));
                }
                ledger.succeed(connection, run, accounts, paths(files));
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
        OpenInputs.close(inputs);
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
    public void publishTable(Run run, Inputs inputs, Accounts accounts, Load load) throws SQLException, IOException {
        publish(run, inputs, accounts, List.of(), load);
    }
}
