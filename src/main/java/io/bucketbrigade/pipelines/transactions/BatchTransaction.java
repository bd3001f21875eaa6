package io.bucketbrigade.pipelines.transactions;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The transaction of a batch while it is brought into something besides the database. */
final class BatchTransaction {
    private final DataSource batch;
    private final String where;

    /** @param where what the batch is brought into, for people */
    BatchTransaction(DataSource batch, String where) {
        this.batch = batch;
        this.where = where;
    }

    /**
     * Shows that the process is alive: the database ends a transaction that is silent for the time of a lease.
     *
     * @throws Problem if it has ended
     */
    void keep() {
        try (Connection connection = batch.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        } catch (SQLException e) {
            throw new Problem(
                    Kind.TRANSIENT,
                    "The database ended the transaction of a batch while it was brought into " + where
                            + ". It is tried again.",
                    e);
        }
    }
}
