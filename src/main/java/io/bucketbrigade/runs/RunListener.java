package io.bucketbrigade.runs;

import java.sql.Connection;
import java.sql.SQLException;

/** Is notified when runs end, inside the transaction that ends them. */
@FunctionalInterface
public interface RunListener {
    /** Does nothing. */
    RunListener NONE = (connection, report) -> {};

    /**
     * A run ended, or ends if the transaction is committed.
     *
     * @throws SQLException if the database can't answer
     */
    void ended(Connection connection, RunReport report) throws SQLException;
}
