package io.bucketbrigade.runs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Runs that end as if they had not been, in the transaction of the connection. */
final class Releases {
    private Releases() {}

    /**
     * Releases runs.
     *
     * @param update what does so, and returns them
     * @return how many there were
     */
    static int of(Connection connection, PreparedStatement update, RunListener listener) throws SQLException {
        int released = 0;
        try (ResultSet run = update.executeQuery()) {
            while (run.next()) {
                listener.released(connection, run.getLong(1), run.getString(2), run.getString(3), run.getString(4));
                released++;
            }
        }
        return released;
    }
}
