package io.bucketbrigade.runs;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The transaction of the run, or of the batch of a stream, whose route the thread is in, as a data source: SQL that a route sends to {@code sql:} with it is done in
 * that transaction, and neither commits nor closes it. A run's steps follow each other in one thread.
 */
public final class RunDataSource extends AbstractDataSource {
    private static final ThreadLocal<@Nullable Connection> CURRENT = new ThreadLocal<>();

    /** From now on, SQL of this thread's steps is done in the transaction of that connection. */
    public static void begin(Connection connection) {
        CURRENT.set(connection);
    }

    /** This thread's steps have no transaction any more. */
    public static void end() {
        CURRENT.remove();
    }

    /** @throws SQLException if nothing has begun to change the database in this thread */
    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = CURRENT.get();
        if (connection == null) {
            throw new SQLException(
                    "This step needs the transaction of a run, and publication.begin must come before it.");
        }
        return new SingleConnectionDataSource(connection, true).getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }
}
