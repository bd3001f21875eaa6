package io.bucketbrigade.lake;

import java.sql.SQLException;

/** Carries what PostgreSQL said through Iceberg, whose methods throw nothing that is checked. */
final class LakeSqlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LakeSqlException(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
