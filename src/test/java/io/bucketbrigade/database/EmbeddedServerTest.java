package io.bucketbrigade.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.support.SetUpPostgres;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class EmbeddedServerTest {
    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void setUpPostgres() throws IOException {
        SetUpPostgres.copyInto(folder);
    }

    private static int rows(Database database) throws Exception {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM kept")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void a_server_that_is_killed_is_started_again_where_it_was_and_has_what_was_committed() throws Exception {
        Path data = folder.resolve("postgres");
        try (Database database = Database.embedded(new EmbeddedServer(data, 0))) {
            try (Connection connection = database.pool().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000)");
            }
            for (int kill = 0; kill < 4; kill++) {
                long server = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid"))
                        .get(0)
                        .strip());
                ProcessHandle.of(server).orElseThrow().destroyForcibly();
                await().atMost(Duration.ofSeconds(60))
                        .ignoreExceptions()
                        .until(() -> DatabaseCheck.running(data).isPresent() && rows(database) == 1000);
            }
        }
        assertThat(DatabaseCheck.running(data)).isEmpty();
    }

    @Test
    void a_server_that_is_killed_while_it_starts_is_started_again() throws Exception {
        Path data = folder.resolve("postgres");
        Database.embedded(new EmbeddedServer(data, 0)).close();
        CompletableFuture<Void> kill = CompletableFuture.runAsync(() -> await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(2))
                .ignoreExceptions()
                .until(() -> ProcessHandle.of(Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid"))
                                .get(0)))
                        .orElseThrow()
                        .destroyForcibly()));
        try (Database database = Database.embedded(new EmbeddedServer(data, 0))) {
            kill.join();
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
                try (Connection connection = database.pool().getConnection()) {
                    return connection.isValid(5);
                }
            });
        }
    }

    @Test
    void what_a_killed_start_had_unpacked_in_part_does_not_stop_the_next() throws Exception {
        Path program;
        try (Stream<Path> programs = Files.list(folder.resolve("postgres-program"))) {
            program = programs.filter(Files::isDirectory).findFirst().orElseThrow();
        }
        Files.delete(program.resolve(".exists"));
        // Links that lead nowhere yet are what the unpacking stumbles over.
        try (Stream<Path> libraries = Files.list(program.resolve("lib"))) {
            for (Path library : libraries
                    .filter(file -> !Files.isSymbolicLink(file) && Files.isRegularFile(file))
                    .toList()) {
                Files.delete(library);
            }
        }
        try (Database database = Database.embedded(new EmbeddedServer(folder.resolve("postgres"), 0));
                Connection connection = database.pool().getConnection()) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @Test
    void data_that_a_volume_opened_to_its_group_are_closed_again() throws Exception {
        Path data = folder.resolve("postgres");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwx---"));
        try (Database database = Database.embedded(new EmbeddedServer(data, 0));
                Connection connection = database.pool().getConnection()) {
            assertThat(connection.isValid(5)).isTrue();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
    }

    @Test
    void nobody_else_can_replace_the_program_that_is_started() throws Exception {
        Path program = folder.resolve(EmbeddedServer.PROGRAM);
        Files.createDirectories(program);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (Database database = Database.embedded(new EmbeddedServer(folder.resolve("postgres"), 0))) {
            assertThat(database.facts().version()).startsWith("18");
            // Who may not enter (x) can't write into it either.
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(program)))
                    .matches("rwx(-.-){2}");
        }
    }

    @Test
    void doctor_looks_for_the_tables_in_the_schema_that_is_set() {
        try (Database database = Database.embedded(new EmbeddedServer(folder.resolve("postgres"), 0), "app")) {
            database.migrate(TestService.ROUTES);
            Map<String, String> environment = new HashMap<>(Map.of("BRIGADE_DATA", folder.toString()));
            assertThat(CommandResult.of(environment, "doctor").out()).contains(", schema app, 0 migrations pending");
            environment.put("BRIGADE_DATABASE_SCHEMA", "other");
            CommandResult other = CommandResult.of(environment, "doctor");
            assertThat(other.out()).contains("are in the schema app, not in other. Set BRIGADE_DATABASE_SCHEMA");
            assertThat(other.status()).isEqualTo(1);
        }
    }
}
