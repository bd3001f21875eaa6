package io.bucketbrigade.database;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/**
 * What a database says of itself before it is used.
 *
 * @param version PostgreSQL's, as it says it
 * @param number the same as a number: 140005, 180004
 * @param encoding how it stores text
 * @param takesNoChanges why it takes no changes; blank if it does
 * @param pooled whether a pooler is in between, which may give every transaction another session
 * @param user who we are
 * @param mayCreateSchemas whether we may create schemas
 * @param installed the schemas in which migrations of ours were applied
 * @param clockAhead by how much its clock is ahead of ours; negative if behind
 */
record ServerFacts(
        String version,
        int number,
        String encoding,
        String takesNoChanges,
        boolean pooled,
        String user,
        String database,
        boolean mayCreateSchemas,
        List<String> installed,
        Duration clockAhead) {
    /** The first version that this is tested to work with. */
    private static final int OLDEST_VERSION = 14;

    private static final String QUESTION = """
            SELECT current_setting('server_version'),
                   current_setting('server_version_num')::integer,
                   current_setting('server_encoding'),
                   CASE WHEN pg_is_in_recovery() THEN 'a standby'
                        WHEN current_setting('default_transaction_read_only')::boolean THEN 'set to read-only'
                        ELSE '' END,
                   pg_backend_pid(),
                   current_user,
                   current_database(),
                   has_database_privilege(current_database(), 'CREATE'),
                   clock_timestamp()
            """;

    private static final String HISTORIES = """
            SELECT quote_ident(nspname), nspname
            FROM pg_class
            JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE relname = '%s' AND relkind = 'r'
              AND has_schema_privilege(pg_namespace.oid, 'USAGE') AND has_table_privilege(pg_class.oid, 'SELECT')
            ORDER BY nspname
            """.formatted(Database.MIGRATIONS);

    /**
     * Asks.
     *
     * @throws SQLException if there is no answer
     */
    static ServerFacts of(Connection connection) throws SQLException {
        List<String> installed = installed(connection);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUESTION)) {
            row.next();
            // A pooler that shares sessions must give us a key before it has chosen one, so the key isn't the
            // session's.
            int key = connection.unwrap(PGConnection.class).getBackendPID();
            return new ServerFacts(
                    row.getString(1),
                    row.getInt(2),
                    row.getString(3),
                    row.getString(4),
                    key != row.getInt(5),
                    row.getString(6),
                    row.getString(7),
                    row.getBoolean(8),
                    installed,
                    Duration.between(Instant.now(), row.getTimestamp(9).toInstant()));
        }
    }

    /** A start that was not the first, in a schema that came to be the current one meanwhile, left a table that says nothing. */
    static List<String> installed(Connection connection) throws SQLException {
        List<String> installed = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            List<List<String>> schemas = new ArrayList<>();
            try (ResultSet row = statement.executeQuery(HISTORIES)) {
                while (row.next()) {
                    schemas.add(List.of(row.getString(1), row.getString(2)));
                }
            }
            for (List<String> schema : schemas) {
                try (ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM " + schema.get(0) + "."
                        + Database.MIGRATIONS + " WHERE success AND type = 'SQL')")) {
                    row.next();
                    if (row.getBoolean(1)) {
                        installed.add(schema.get(1));
                    }
                }
            }
        }
        return installed;
    }

    /**
     * The schema of the tables: the one that was named, else where they are, else public.
     *
     * @throws Problem if they are in another one than was named
     */
    String schema(DatabaseAddress address) {
        String named = address.schema();
        if (named.isEmpty() && installed.size() <= 1) {
            return installed.isEmpty() ? "public" : installed.get(0);
        }
        if (named.isEmpty()) {
            throw new Problem(
                    Kind.USAGE,
                    "The database " + address + " has tables of Bucket Brigade in several schemas: "
                            + String.join(", ", installed) + ". Set BRIGADE_DATABASE_SCHEMA to one of them.");
        }
        if (!installed.isEmpty() && !installed.contains(named)) {
            throw new Problem(
                    Kind.USAGE,
                    "The tables of Bucket Brigade in the database " + address + " are in the schema " + installed.get(0)
                            + ", not in " + named
                            + ". Set BRIGADE_DATABASE_SCHEMA (or currentSchema in the address) to "
                            + installed.get(0) + ".");
        }
        return named;
    }

    /**
     * Refuses what can't work, whoever we are.
     *
     * @throws Problem if the server is too old, stores text in another encoding, or takes no changes
     */
    void check(DatabaseAddress address) {
        if (number / 10_000 < OLDEST_VERSION) {
            throw new Problem(
                    Kind.USAGE,
                    address + " is PostgreSQL " + number / 10_000 + "; Bucket Brigade needs " + OLDEST_VERSION
                            + " or newer.");
        }
        if (!encoding.equals("UTF8")) {
            throw new Problem(
                    Kind.USAGE,
                    "The database " + address + " stores text as " + encoding
                            + ", which can't hold every name; Bucket Brigade needs UTF8. Create another one:"
                            + " CREATE DATABASE brigade ENCODING 'UTF8' TEMPLATE template0;");
        }
        if (takesNoChanges.equals("a standby")) {
            throw new Problem(
                    Kind.USAGE,
                    "The database " + address
                            + " is a standby, which accepts no changes. Use the address of the primary"
                            + " server, or make this one the primary: SELECT pg_promote();");
        }
        if (!takesNoChanges.isEmpty()) {
            throw new Problem(
                    Kind.USAGE,
                    "The database " + address + " is read-only for this user. ALTER DATABASE "
                            + Sessions.quoted(database) + " SET default_transaction_read_only = off; ALTER ROLE "
                            + Sessions.quoted(user) + " SET default_transaction_read_only = off;");
        }
    }
}
