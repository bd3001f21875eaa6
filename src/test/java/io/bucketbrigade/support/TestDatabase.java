package io.bucketbrigade.support;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.DatabaseAddress;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A real PostgreSQL for the whole test run, with a database of its own for who asks. */
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();
    /** Takes a third of what the usual way takes, which writes all of it to the log as well. */
    private static final String COPIED = " STRATEGY FILE_COPY";

    private TestDatabase() {}

    private static final class Server {
        private static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                Path folder = Files.createTempDirectory("brigade-postgres");
                SetUpPostgres.copyInto(folder);
                EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                        .setDataDirectory(folder.resolve("postgres"))
                        .setCleanDataDirectory(false)
                        .setOverrideWorkingDirectory(
                                folder.resolve("postgres-program").toFile())
                        .setRegisterShutdownHook(false)
                        .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
                        .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(postgres, folder)));
                return postgres;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void stop(EmbeddedPostgres postgres, Path folder) {
            try {
                postgres.close();
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class Migrated {
        private static final String NAME = migrated();

        private static String migrated() {
            String uri = newUri();
            try (Database database = Database.connect(DatabaseAddress.parse(uri, "", ""))) {
                database.migrate(TestService.ROUTES);
            }
            return uri.substring(uri.lastIndexOf('/') + 1);
        }
    }

    /** A new, empty database: postgresql://… */
    public static String newUri() {
        String name = "test" + COUNT.incrementAndGet();
        execute("CREATE DATABASE " + name + COPIED);
        return "postgresql://postgres@localhost:" + Server.POSTGRES.getPort() + "/" + name;
    }

    /** A new database with all tables: a copy of one, because migrations take longer: postgresql://… */
    public static String newUriWithTables() {
        String name = "test" + COUNT.incrementAndGet();
        execute("CREATE DATABASE " + name + " TEMPLATE " + Migrated.NAME + COPIED);
        return "postgresql://postgres@localhost:" + Server.POSTGRES.getPort() + "/" + name;
    }

    /**
     * A new, empty database of a user who owns it and may nothing else: postgresql://…
     *
     * @param user created, with his name as password, if there is none of that name
     */
    public static synchronized String newUriOf(String user) {
        URI uri = URI.create(newUri());
        String database = uri.getPath().substring(1);
        execute("DO $$ BEGIN CREATE ROLE " + user + " LOGIN PASSWORD '" + user
                + "'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        execute("ALTER DATABASE " + database + " OWNER TO " + user);
        return "postgresql://" + user + "@localhost:" + uri.getPort() + "/" + database;
    }

    /** Does something as the superuser, in the database postgres. */
    public static void execute(String sql) {
        try (Connection connection = Server.POSTGRES.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A new database with all tables. */
    public static Database newMigrated() {
        return Database.connect(DatabaseAddress.parse(newUriWithTables(), "", ""));
    }
}
