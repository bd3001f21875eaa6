package io.bucketbrigade.pipelines.transactions;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Which store the rows of this database's log were brought into: they are missing in any other. */
final class FilledStore {
    private static final String STATE = """
            SELECT filled, log, EXISTS (
                SELECT FROM brigade.stream_readers WHERE stream = 'transactions' AND reader = 'store' AND position > 0)
            FROM transactions.store
            FOR UPDATE
            """;
    private static final String FILL = "UPDATE transactions.store SET filled = ?";

    private final DataSource database;

    FilledStore(DataSource database) {
        this.database = database;
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
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement select = connection.prepareStatement(STATE);
                    ResultSet row = select.executeQuery()) {
                row.next();
                State state = new State(row.getString(2), row.getBoolean(3));
                String before = row.getString(1);
                if (!before.equals(store)) {
                    fill(connection, before, store, state);
                }
                connection.commit();
                return state;
            } finally {
                connection.rollback();
            }
        }
    }

    private static void fill(Connection connection, String before, String store, State state) throws SQLException {
        if (state.isBegun()) {
            throw new Problem(
                    Kind.CONFLICT,
                    "Rows that arrived before are in " + before + ", and " + store
                            + " does not have them. Set TRANSACTIONS_STORE and TRANSACTIONS_STORE_TABLE back, or call ./brigade rebuild transactions,"
                            + " which says what must be empty.");
        }
        try (PreparedStatement fill = connection.prepareStatement(FILL)) {
            fill.setString(1, store);
            fill.executeUpdate();
        }
    }
}
