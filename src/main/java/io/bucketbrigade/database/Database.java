package io.bucketbrigade.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** The database in use: a pool of connections, migrated. Closing it also stops an embedded server. */
public final class Database implements AutoCloseable {
    /** The first version that this is tested to work with. */
    private static final int OLDEST_VERSION = 14;

    private final HikariDataSource pool;
    private final DatabaseAddress address;
    private final @Nullable EmbeddedServer server;

    private Database(HikariDataSource pool, DatabaseAddress address, @Nullable EmbeddedServer server) {
        this.pool = pool;
        this.address = address;
        this.server = server;
    }

    /**
     * Connects to a database.
     *
     * @throws Problem if it can't be reached, or is too old
     */
    public static Database connect(DatabaseAddress address) {
        return open(address, null);
    }

    /**
     * Starts the embedded server and connects to it.
     *
     * @throws Problem if it can't be started
     */
    public static Database embedded(EmbeddedServer server) {
        return open(server.start(), server);
    }

    private static Database open(DatabaseAddress address, @Nullable EmbeddedServer server) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("database");
        config.setJdbcUrl(address.jdbcUrl());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setMaximumPoolSize(10);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("ApplicationName", "Bucket Brigade");
        config.addDataSourceProperty("connectTimeout", "5");
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        try {
            checkVersion(address);
            return new Database(new HikariDataSource(config), address, server);
        } catch (RuntimeException e) {
            if (server != null) {
                server.close();
            }
            throw e;
        }
    }

    private static void checkVersion(DatabaseAddress address) {
        org.postgresql.ds.PGSimpleDataSource plain = new org.postgresql.ds.PGSimpleDataSource();
        plain.setUrl(address.jdbcUrl());
        plain.setConnectTimeout(5);
        try (Connection connection = plain.getConnection(address.user(), address.password())) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST_VERSION) {
                throw new Problem(
                        Kind.USAGE,
                        address + " is PostgreSQL " + version + "; Bucket Brigade needs " + OLDEST_VERSION
                                + " or newer.");
            }
        } catch (SQLException e) {
            throw new Problem(
                    Kind.PASSING,
                    "The database " + address + " can't be used: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                            + " Check address, user and password.",
                    e);
        }
    }

    /**
     * Brings the tables up to date.
     *
     * @param furtherMigrations a folder with further migrations, or null
     * @return how many migrations were applied
     * @throws Problem if a migration fails or an applied one was changed
     */
    public int migrate(@Nullable Path furtherMigrations) {
        List<String> locations = furtherMigrations == null
                ? List.of("classpath:db/migration")
                : List.of("classpath:db/migration", "filesystem:" + furtherMigrations.toAbsolutePath());
        try {
            return Flyway.configure()
                    .dataSource(pool)
                    .locations(locations.toArray(String[]::new))
                    .table("brigade_migrations")
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .outOfOrder(true)
                    .load()
                    .migrate()
                    .migrationsExecuted;
        } catch (FlywayException e) {
            throw new Problem(
                    Kind.PASSING,
                    "The tables in " + address + " could not be brought up to date: "
                            + String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " "),
                    e);
        }
    }

    /** The pool. */
    public DataSource pool() {
        return pool;
    }

    /** Whether this process is the only one that uses it. */
    public boolean isEmbedded() {
        return server != null;
    }

    /** The address without its secret, for people. */
    public String describe() {
        return server == null
                ? address.toString()
                : String.format(Locale.ROOT, "%s (embedded, user %s)", address, address.user());
    }

    @Override
    public void close() {
        pool.close();
        if (server != null) {
            server.close();
        }
    }
}
