package io.bucketbrigade.database;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The migrations of a database: those beside the routes, the program's own and further ones. */
final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    private static final String LOCK = """
            SELECT set_config('lock_timeout', '60s', true), set_config('idle_in_transaction_session_timeout', '10min', true);
            SELECT pg_advisory_xact_lock(hashtextextended('brigade.migrations ' || ?, 0))
            """;

    private static final String FOREIGN = """
            SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
                   quote_ident(nspname) || '.' || quote_ident(relname), quote_ident(relname || '_before_brigade')
            FROM pg_class
            JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE nspname || '.' || relname = ANY (?) AND relkind <> 'i'
            ORDER BY 2
            """;

    private static final String CLOSED_SCHEMAS = """
            SELECT quote_ident(nspname) FROM pg_namespace
            WHERE nspname = ANY (?) AND NOT has_schema_privilege(oid, 'CREATE')
            ORDER BY 1
            """;

    private final Database database;
    private final DatabaseAddress address;
    private final List<Path> routes;
    private final Flyway flyway;

    /** @param routes the folders below which migrations are, the program's own first */
    Migrations(Database database, List<Path> routes) {
        this.database = database;
        this.address = database.address();
        this.routes = routes;
        this.flyway = Flyway.configure()
                .dataSource(database.pool())
                .locations(routes.stream()
                        .map(folder -> "filesystem:" + folder.toAbsolutePath())
                        .toArray(String[]::new))
                .table(Database.MIGRATIONS)
                .defaultSchema(address.schema())
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .outOfOrder(true)
                // Tables of a newer version are not what this one knows.
                .ignoreMigrationPatterns(new String[0])
                .load();
    }

    /**
     * Applies those that the database has not seen; in an empty one while no other process does. Flyway has a lock for that too, but neither our
     * check of what has the names of our tables nor its own first steps in an empty database are under it.
     *
     * @return how many
     * @throws Problem if the database is missing what they need, one fails, or an applied one was changed
     */
    int apply() {
        Connection alone = null;
        try {
            if (database.facts().installed().isEmpty()) {
                alone = database.patiently(this::lockMigrations);
                List<String> obstacles =
                        ServerFacts.installed(alone).isEmpty() ? database.patiently(this::obstacles) : List.of();
                if (!obstacles.isEmpty()) {
                    throw new Problem(Kind.USAGE, String.join(" ", obstacles));
                }
            }
            return database.patiently(() -> flyway.migrate().migrationsExecuted);
        } catch (FlywayException | SQLException e) {
            throw MigrationMessages.of(e, flyway, address, database.facts());
        } finally {
            unlock(alone);
        }
    }

    /** Begins a transaction that keeps all others from migrating while it is open; a frozen process holds it for ten minutes at most. */
    private Connection lockMigrations() throws SQLException {
        Connection connection = database.pool().getConnection();
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            connection.setAutoCommit(false);
            lock.setString(1, address.schema());
            lock.execute();
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** What was migrated is committed by then, whatever became of the connection with the lock. */
    private static void unlock(@Nullable Connection alone) {
        try {
            if (alone != null) {
                alone.close();
            }
        } catch (SQLException e) {
            LOG.debug("The connection that kept others from migrating could not be closed: {}", e.getMessage());
        }
    }

    /**
     * Copies the files of certain migrations, and of no others, so that they alone can be applied.
     *
     * @param wanted which
     * @param folder where the files are written, with the paths that they have below the routes
     * @param backup what wants them, for people
     * @return how many others there are, of those with a version
     * @throws Problem if one is not known, or is another one
     * @throws IOException if a file can't be written
     */
    int copy(List<BackupContent.Migration> wanted, Path folder, String backup) throws IOException {
        Map<String, MigrationInfo> known = new HashMap<>();
        for (MigrationInfo migration : flyway.info().all()) {
            if (migration.getVersion() != null) {
                known.put(migration.getVersion().getVersion(), migration);
            }
        }
        for (BackupContent.Migration one : wanted) {
            MigrationInfo migration = known.get(one.version());
            if (migration == null || !Objects.equals(migration.getChecksum(), one.checksum())) {
                throw new Problem(
                        Kind.USAGE,
                        backup + " can't be restored: this program does not know its migration " + one.script()
                                + (migration == null ? "" : " as it was then")
                                + ". Use the version of Bucket Brigade that made the backup, or a newer one, with the same BRIGADE_ROUTES.");
            }
            Path copy = FilePaths.in(folder, migration.getScript());
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, text(migration));
        }
        return known.size() - wanted.size();
    }

    /** How many the database has not seen. */
    int pending() {
        return flyway.info().pending().length;
    }

    /**
     * What keeps the program from starting on this database: migrations that are not as they were when they were applied, and what
     * those need that the database has not seen. Each with what removes it.
     *
     * @throws SQLException if the database does not answer
     */
    List<String> obstacles() throws SQLException {
        List<String> obstacles = new ArrayList<>(MigrationMessages.invalid(flyway, address));
        MigrationInfo[] pending = flyway.info().pending();
        if (!obstacles.isEmpty() || pending.length == 0) {
            return obstacles;
        }
        MadeByMigrations made = made(pending);
        Set<String> names = new TreeSet<>(made.names());
        names.removeAll(made(flyway.info().applied()).names());
        Set<String> schemas = new TreeSet<>(made.schemas());
        schemas.add(address.schema());
        ServerFacts facts = database.facts();
        boolean createsSchemas = facts.installed().isEmpty() || !made.schemas().isEmpty();
        if (createsSchemas && !facts.mayCreateSchemas()) {
            obstacles.add(MigrationMessages.mayNot(address, facts, "DATABASE " + Sessions.quoted(facts.database())));
        }
        try (Connection connection = database.pool().getConnection()) {
            try (PreparedStatement select = connection.prepareStatement(CLOSED_SCHEMAS)) {
                select.setArray(1, connection.createArrayOf("text", schemas.toArray()));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        obstacles.add(MigrationMessages.mayNot(address, facts, "SCHEMA " + row.getString(1)));
                    }
                }
            }
            try (PreparedStatement select = connection.prepareStatement(FOREIGN)) {
                select.setArray(1, connection.createArrayOf("text", names.toArray()));
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        obstacles.add(MigrationMessages.foreign(
                                address, row.getString(1), row.getString(2), "TO " + row.getString(3)));
                    }
                }
            }
        }
        return obstacles;
    }

    /**
     * What the database no longer has of what the program's own migrations made in it, or what its user may not use; in sentences
     * that say what to do. What somebody else's migrations do is not known well enough to call anything missing.
     *
     * @throws SQLException if the database does not answer
     */
    List<String> missing() throws SQLException {
        MadeByMigrations made = made(Stream.of(flyway.info().applied())
                .filter(migration -> !isFurther(migration))
                .toArray(MigrationInfo[]::new));
        try (Connection connection = database.pool().getConnection()) {
            return new TableCheck(address, database.facts()).missing(connection, made.relations());
        }
    }

    private MadeByMigrations made(MigrationInfo... migrations) {
        MadeByMigrations made = new MadeByMigrations(address.schema());
        for (MigrationInfo migration : migrations) {
            made.read(migration.getScript().replaceFirst(".*/", ""), text(migration));
        }
        return made;
    }

    private boolean isFurther(MigrationInfo migration) {
        return routes.stream().skip(1).anyMatch(folder -> Files.exists(folder.resolve(migration.getScript())));
    }

    private String text(MigrationInfo migration) {
        for (Path folder : routes) {
            Path script = folder.resolve(migration.getScript());
            if (Files.exists(script)) {
                try {
                    return Files.readString(script);
                } catch (IOException e) {
                    throw new Problem(Kind.USAGE, "The migration " + script + " can't be read.", e);
                }
            }
        }
        return "";
    }
}
