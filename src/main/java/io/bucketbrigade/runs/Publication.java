package io.bucketbrigade.runs;

import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Location.Prepared;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * Makes a run's results visible: table, record and files, all or nothing.
 *
 * <p>The files are put in place when nothing but the commit can fail any more. If the commit does fail, they are newer than
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

    public Publication(DataSource database, Ledger ledger) {
        this.database = database;
        this.ledger = ledger;
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
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                load.into(connection);
                List<String> changed = inputs.changed();
                if (!changed.isEmpty()) {
                    throw new InputsChanged(changed);
                }
                ledger.succeed(
                        connection,
                        run,
                        accounts,
                        files.stream()
                                .map(Prepared::path)
                                .filter(path -> !path.isBlank())
                                .toList());
                for (Prepared file : files) {
                    file.publish();
                }
                connection.commit();
            } catch (SQLException | IOException | RuntimeException e) {
                Ledger.rollBack(connection, e);
                throw e;
            }
        } finally {
            files.forEach(Prepared::discard);
        }
        ledger.ended(run);
        OpenInputs.close(inputs);
    }

    /** Publishes a table alone, without files; otherwise as {@link #publish}. */
    public void publishTable(Run run, Inputs inputs, Accounts accounts, Load load) throws SQLException, IOException {
        publish(run, inputs, accounts, List.of(), load);
    }
}
