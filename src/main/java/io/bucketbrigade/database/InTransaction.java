package io.bucketbrigade.database;

import io.bucketbrigade.problems.Problems;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Work that the database does wholly or not at all. If it fails, everything is rolled back, and what made it fail is what the caller gets, also
 * if the database is away by then and can't be asked to roll back.
 */
public final class InTransaction {
    /**
     * Work with a result.
     *
     * @param <E> what it throws beside {@link SQLException}
     */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T with(Connection connection) throws SQLException, E;
    }

    /**
     * Work without a result.
     *
     * @param <E> what it throws beside {@link SQLException}
     */
    @FunctionalInterface
    public interface Change<E extends Exception> {
        void with(Connection connection) throws SQLException, E;
    }

    private InTransaction() {}

    /**
     * Does work in a transaction of its own, and commits it.
     *
     * @throws SQLException if the database refuses, or is away
     * @throws E if the work fails for another reason
     */
    public static <T, E extends Exception> T get(DataSource database, Work<T, E> work) throws SQLException, E {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.with(connection);
                connection.commit();
                return result;
            } catch (Throwable failed) {
                rollBack(connection, failed);
                throw failed;
            }
        }
    }

    /**
     * Does a change in a transaction of its own, and commits it.
     *
     * @throws SQLException if the database refuses, or is away
     * @throws E if the change fails for another reason
     */
    public static <E extends Exception> void run(DataSource database, Change<E> change) throws SQLException, E {
        get(database, connection -> {
            change.with(connection);
            return true;
        });
    }

    /**
     * Rolls back. If that fails too, its failure is added to the cause, which stays the one that callers see. Where the connection is lost, the
     * database rolls back by itself, and asking it to might take for ever, so the connection is given up.
     */
    public static void rollBack(Connection connection, Throwable because) {
        try {
            if (isCut(because)) {
                connection.abort(Runnable::run);
            } else {
                connection.rollback();
            }
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    private static boolean isCut(Throwable because) {
        return Problems.find(because, SQLException.class)
                .map(failed -> String.valueOf(failed.getSQLState()).startsWith("08"))
                .orElse(false);
    }
}
