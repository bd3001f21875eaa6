package io.bucketbrigade.pipelines.transactions;

import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Which store, or which warehouse, the rows of this database's log were brought into: they are missing in any other. */
final class FilledStore {
    private static final String STATE = """
            SELECT %s, log, EXISTS (
                SELECT FROM brigade.stream_readers WHERE stream = 'transactions' AND reader IN (%s) AND position > 0)
                OR EXISTS (SELECT FROM brigade.loaded_files WHERE pipeline = 'transactions' AND NOT is_wanted)
            FROM transactions.store
            FOR UPDATE
            """;
    private static final String FILL = "UPDATE transactions.store SET %s = ?";

    private final DataSource database;
    private final String state;
    private final String fill;
    private final String settings;
    private final String meanwhile;

    private FilledStore(DataSource database, String column, String readers, String settings, String meanwhile) {
        this.database = database;
        this.state = STATE.formatted(column, readers);
        this.fill = FILL.formatted(column);
        this.settings = settings;
        this.meanwhile = meanwhile;
    }

    /** The store of invoices, their lines and customers. */
    static FilledStore ofInvoices(DataSource database) {
        return new FilledStore(
                database,
                "filled",
                "'store'",
                "TRANSACTIONS_STORE and TRANSACTIONS_STORE_TABLE",
                "what arrives is not among invoices and customers.");
    }

    /** The warehouse. */
    static FilledStore ofFacts(DataSource database) {
        return new FilledStore(
                database,
                "warehouse",
                "'warehouse', 'redshift'",
                "TRANSACTIONS_WAREHOUSE",
                "what arrives does not count in the answers to the business questions.");
    }

    /**
     * What is known of the store.
     *
     * @param log the name of the log whose rows it holds
     * @param isBegun whether it should hold any
     */
    record State(String log, boolean isBegun) {}

    /**
     * From now on, rows are brought into a store.
     *
     * @throws Problem if earlier rows were brought into another one
     * @throws SQLException if the database refuses, or is away
     */
    State use(String store) throws SQLException {
        return InTransaction.get(database, connection -> {
            try (PreparedStatement select = connection.prepareStatement(state);
                    ResultSet row = select.executeQuery()) {
                row.next();
                State found = new State(row.getString(2), row.getBoolean(3));
                String before = row.getString(1);
                if (!before.equals(store)) {
                    fill(connection, before, store, found);
                }
                return found;
            }
        });
    }

    private void fill(Connection connection, String before, String store, State found) throws SQLException {
        if (found.isBegun()) {
            throw new Problem(
                    Kind.CONFLICT,
                    "Rows that arrived before are in " + before + ", and " + store
                            + " does not have them. Set " + settings
                            + " back, or call ./brigade rebuild transactions, which says what must be empty. Until then "
                            + meanwhile);
        }
        try (PreparedStatement change = connection.prepareStatement(fill)) {
            change.setString(1, store);
            change.executeUpdate();
        }
    }
}
