package io.bucketbrigade.database;

import io.bucketbrigade.problems.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/**
 * How a database is that the service would use, without changing anything.
 *
 * @param version PostgreSQL's, as it says it
 * @param pending how many migrations it has not seen
 * @param mayCreate whether the user may set the tables up
 * @param clockAhead by how much its clock is ahead of ours; negative if behind
 */
public record DatabaseCheck(String version, int pending, boolean mayCreate, Duration clockAhead) {
    private static final int PORT_LINE = 3;

    /**
     * Looks at it.
     *
     * @throws Problem if it can't be used
     * @throws SQLException if it doesn't answer
     */
    public static DatabaseCheck of(DatabaseAddress address, @Nullable Path furtherMigrations) throws SQLException {
        try (Database database = Database.connect(address);
                Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            int pending = Flyway.configure()
                    .dataSource(database.pool())
                    .locations(Database.migrations(furtherMigrations))
                    .table(Database.MIGRATIONS)
                    .outOfOrder(true)
                    .load()
                    .info()
                    .pending()
                    .length;
            try (ResultSet row = statement.executeQuery("SELECT current_setting('server_version'),"
                    + " has_database_privilege(current_database(), 'CREATE')"
                    + " AND has_schema_privilege('public', 'CREATE'), clock_timestamp()")) {
                row.next();
                return new DatabaseCheck(
                        row.getString(1),
                        pending,
                        row.getBoolean(2),
                        Duration.between(Instant.now(), row.getTimestamp(3).toInstant()));
            }
        }
    }

    /**
     * The address of an embedded server that runs, in whichever process.
     *
     * @param data folder of its data
     * @throws IOException if its file can't be read
     */
    public static Optional<DatabaseAddress> running(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!new OrphanedServer(data).isRunning()) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        return lines.size() <= PORT_LINE
                ? Optional.empty()
                : Optional.of(new DatabaseAddress(
                        "jdbc:postgresql://localhost:" + lines.get(PORT_LINE).strip() + "/postgres", "postgres", ""));
    }
}
