package io.bucketbrigade.starting;

import io.bucketbrigade.problems.Problems;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Whether the database answers. */
public final class DatabaseHealth extends AbstractHealthCheck {
    private static final int WITHIN_SECONDS = 2;

    private final DataSource database;

    DatabaseHealth(DataSource database) {
        super("brigade", "database");
        this.database = database;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        try (Connection connection = database.getConnection()) {
            if (connection.isValid(WITHIN_SECONDS)) {
                builder.up();
            } else {
                builder.message("The database does not answer.").down();
            }
        } catch (SQLException e) {
            builder.message(Problems.of(e).sentence()).down();
        }
    }
}
