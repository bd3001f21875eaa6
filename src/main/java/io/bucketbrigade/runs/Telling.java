package io.bucketbrigade.runs;

import java.sql.Connection;
import java.sql.SQLException;

/** Tells people how runs end. What is to be told is written in the transaction that ends the run, and goes out later. */
@FunctionalInterface
public interface Telling {
    /** Nobody is told. */
    Telling NOBODY = (connection, report) -> {};

    /**
     * Writes what is to be told.
     *
     * @throws SQLException if the database can't answer
     */
    void tell(Connection connection, RunReport report) throws SQLException;
}
