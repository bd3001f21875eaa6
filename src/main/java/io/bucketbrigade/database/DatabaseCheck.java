package io.bucketbrigade.database;

import io.bucketbrigade.problems.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a database is that the service would use, without changing anything.
 *
 * @param version PostgreSQL's, as it says it
 * @param schema the schema of the tables
 * @param pooled whether a pooler is in between
 * @param pending how many migrations it has not seen
 * @param obstacles what keeps these from being applied, in sentences that name the statement to run
 * @param missing what is missing of what earlier migrations made, in sentences that say what to do
 * @param clockAhead by how much its clock is ahead of ours; negative if behind
 */
public record DatabaseCheck(
        String version,
        String schema,
        boolean pooled,
        int pending,
        List<String> obstacles,
        List<String> missing,
        Duration clockAhead) {
    private static final int PORT_LINE = 3;

    /**
     * Checks a database.
     *
     * @throws Problem if it can't be used
     * @throws SQLException if it doesn't answer
     */
    public static DatabaseCheck of(DatabaseAddress address, List<Path> routes) throws SQLException {
        try (Database database = Database.connect(address)) {
            Migrations migrations = new Migrations(database, routes);
            ServerFacts facts = database.facts();
            return new DatabaseCheck(
                    facts.version(),
                    database.schema(),
                    facts.pooled(),
                    migrations.pending(),
                    migrations.obstacles(),
                    migrations.missing(),
                    facts.clockAhead());
        }
    }

    /**
     * The address of an embedded server that runs, in whichever process.
     *
     * @param data folder of its data
     * @throws Problem if none runs, and none could: the data are of another PostgreSQL
     * @throws IOException if its file can't be read
     */
    public static Optional<DatabaseAddress> running(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!new OrphanedServer(data).isRunning()) {
            PostgresVersion.require(data);
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        return lines.size() <= PORT_LINE
                ? Optional.empty()
                : Optional.of(DatabaseAddress.local(lines.get(PORT_LINE).strip(), ""));
    }
}
