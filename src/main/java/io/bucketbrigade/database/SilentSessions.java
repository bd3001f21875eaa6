package io.bucketbrigade.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** Sessions whose process says nothing more, because it is frozen or its machine is gone. They keep their locks. */
public final class SilentSessions {
    private static final String LIMIT = "SELECT set_config('idle_in_transaction_session_timeout', ?, true)";

    private SilentSessions() {}

    /**
     * PostgreSQL ends the session if the current transaction hears nothing between two statements for so long. The limit ends with
     * the transaction, so a pooler doesn't hand it on. It doesn't apply inside a statement, such as a COPY that waits for rows.
     *
     * @throws SQLException if the database can't answer
     */
    public static void endAfter(Connection connection, Duration silence) throws SQLException {
        try (PreparedStatement limit = connection.prepareStatement(LIMIT)) {
            limit.setString(1, Long.toString(silence.toMillis()));
            limit.execute();
        }
    }
}
