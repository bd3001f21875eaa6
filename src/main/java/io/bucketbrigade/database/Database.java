package io.bucketbrigade.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problems;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database in use: a pool of connections, migrated. Closing it also stops an embedded server. */
public final class Database implements AutoCloseable {
    /** The table that says which migrations were applied. */
    static final String MIGRATIONS = "brigade_migrations";

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    /** Longer than any statement of ours takes. */
    private static final String SILENT_AT_MOST_SECONDS = "600";

    private static final int ATTEMPTS_AT_A_START = 10;

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final HikariDataSource pool;
    private final DatabaseAddress address;
    private final ServerFacts facts;
    private final @Nullable EmbeddedServer server;

    private Database(
            HikariDataSource pool, DatabaseAddress address, ServerFacts facts, @Nullable EmbeddedServer server) {
        this.pool = pool;
        this.address = address;
        this.facts = facts;
        this.server = server;
    }

    /**
     * Connects to a database.
     *
     * @throws Problem if it can't be reached, or is missing what we need
     */
    public static Database connect(DatabaseAddress address) {
        return connect(address, Duration.ZERO);
    }

    /**
     * Connects to a database that may not be up yet.
     *
     * @param wait how long to wait for it; a wrong user or password is not waited for
     * @throws Problem if it can't be reached until then, or is missing what we need
     */
    public static Database connect(DatabaseAddress address, Duration wait) {
        return open(address, awaitUsable(address, wait), null);
    }

    private static ServerFacts awaitUsable(DatabaseAddress address, Duration wait) {
        if (wait.isZero()) {
            return ask(address);
        }
        RetryPolicy<Object> patience = RetryPolicy.builder()
                .handleIf(thrown -> thrown instanceof Problem problem
                        && problem.getCause() instanceof SQLException sql
                        && isNotUpYet(sql))
                .withDelay(wait.compareTo(LOOK_EVERY) > 0 ? LOOK_EVERY : wait.dividedBy(2))
                .withMaxDuration(wait)
                .withMaxAttempts(-1)
                .onRetryScheduled(retry -> {
                    if (retry.getAttemptCount() == 1) {
                        LOG.warn("{} Waiting up to {} s for it.", message(retry.getLastException()), wait.toSeconds());
                    }
                })
                .build();
        return Failsafe.with(patience).get(() -> ask(address));
    }

    private static String message(@Nullable Throwable thrown) {
        return thrown == null ? "" : String.valueOf(thrown.getMessage());
    }

    /** SQLSTATE classes 08 (connection), 57 (operator: it starts or stops), 53 (too many connections). */
    private static boolean isNotUpYet(SQLException sql) {
        return String.valueOf(sql.getSQLState()).matches("(08|57|53)...");
    }

    /**
     * Makes another, empty database on the same server, and connects to it.
     *
     * @param name its name, as SQL takes it without quotes
     * @throws SQLException if the server refuses
     */
    public Database createBeside(String name) throws SQLException {
        return createBeside(name, "template1");
    }

    /**
     * Makes a copy of a database on the same server, and connects to it.
     *
     * @param name its name, as SQL takes it without quotes
     * @param template the name of the other, to which nobody is connected
     * @throws SQLException if the server refuses
     */
    public Database createBeside(String name, String template) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement create = connection.createStatement()) {
            create.execute("CREATE DATABASE " + name + " TEMPLATE " + template);
        }
        return connect(new DatabaseAddress(
                address.jdbcUrl().replaceFirst("/[^/]*$", "/" + name),
                address.user(),
                address.password(),
                "",
                address.options()));
    }

    /**
     * Starts the embedded server and connects to it.
     *
     * @throws Problem if it can't be started
     */
    public static Database embedded(EmbeddedServer server) {
        return embedded(server, "");
    }

    /**
     * Starts the embedded server and connects to it.
     *
     * @param schema the schema of the tables; blank for where they are, or public
     * @throws Problem if it can't be started
     */
    public static Database embedded(EmbeddedServer server, String schema) {
        DatabaseAddress address = server.start().in(schema);
        try {
            return open(address, ask(address), server);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static Database open(DatabaseAddress address, ServerFacts facts, @Nullable EmbeddedServer server) {
        String schema = facts.schema(address);
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
        // A line that is dead without a word is noticed at last.
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("socketTimeout", SILENT_AT_MOST_SECONDS);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        Sessions.configure(config, address, facts.pooled(), schema);
        return new Database(new HikariDataSource(config), address.in(schema), facts, server);
    }

    private static ServerFacts ask(DatabaseAddress address) {
        PGSimpleDataSource plain = new PGSimpleDataSource();
        plain.setUrl(address.jdbcUrl());
        try {
            for (Map.Entry<String, String> option : address.options().entrySet()) {
                plain.setProperty(option.getKey(), option.getValue());
            }
            plain.setConnectTimeout(5);
            plain.setPrepareThreshold(0);
            try (Connection connection = plain.getConnection(address.user(), address.password())) {
                ServerFacts facts = ServerFacts.of(connection);
                facts.check(address);
                return facts;
            }
        } catch (SQLException e) {
            throw DatabaseMessages.notUsable(address, e);
        }
    }

    /**
     * Brings the tables up to date.
     *
     * @param routes the folders below which migrations are, the program's own first
     * @return how many migrations were applied
     * @throws Problem if a migration fails or an applied one was changed
     */
    public int migrate(List<Path> routes) {
        return new Migrations(this, routes).apply();
    }

    /**
     * What the database no longer has of what the program's own migrations made in it, or what its user may not use; in sentences that say
     * what to do.
     *
     * @param routes the folders below which migrations are, the program's own first
     * @throws SQLException if it does not answer
     */
    public List<String> missing(List<Path> routes) throws SQLException {
        return new Migrations(this, routes).missing();
    }

    /**
     * Does something at a start that may be repeated as a whole, again if the database goes away in the middle.
     *
     * @throws SQLException if the database refuses, or stays away
     */
    public <T> T patiently(CheckedSupplier<T> work) throws SQLException {
        RetryPolicy<T> patience = RetryPolicy.<T>builder()
                .handleIf(thrown -> Problems.find(thrown, SQLException.class)
                        .map(Database::isNotUpYet)
                        .orElse(false))
                .withDelay(LOOK_EVERY)
                .withMaxAttempts(ATTEMPTS_AT_A_START)
                .build();
        try {
            return Failsafe.with(patience).get(work);
        } catch (FailsafeException e) {
            if (e.getCause() instanceof SQLException refused) {
                throw refused;
            }
            throw e;
        }
    }

    /** Shows how the pool is used, for Prometheus. */
    public void measure(MeterRegistry meters) {
        pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(meters));
    }

    /** The pool. */
    public DataSource pool() {
        return pool;
    }

    /** The schema of the tables that have none in their name. */
    public String schema() {
        return address.schema();
    }

    /** Its address, with the schema of its tables. */
    DatabaseAddress address() {
        return address;
    }

    /** What it says of itself. */
    ServerFacts facts() {
        return facts;
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
