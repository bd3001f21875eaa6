package io.bucketbrigade.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the tables are, with a user named like one of our schemas. */
@Tag("slow")
class SchemaTest {
    private final String uri = TestDatabase.newUriOf("brigade");

    private static Database connect(String address, Map<String, String> settings) {
        return Database.connect(DatabaseAddress.of(address, key -> settings.getOrDefault(key, "")));
    }

    private static void execute(Database database, String sql) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(Database database, String question) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            row.next();
            return row.getString(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "with the user, brigade:brigade@, '', '', '', public",
        "user and password apart, '', '', brigade, '', public",
        "currentSchema, brigade:brigade@, ?currentSchema=public, '', '', public",
        "another currentSchema, brigade:brigade@, ?currentSchema=app, '', '', app",
        "currentSchema like the user, brigade:brigade@, ?currentSchema=brigade, '', '', brigade",
        "the setting, brigade:brigade@, '', '', My app, My app",
        "currentSchema before the setting, brigade:brigade@, ?currentSchema=app, '', other, app"
    })
    void the_tables_are_found_again_at_every_start(
            String way, String credentials, String options, String user, String setting, String schema)
            throws Exception {
        String address = uri.replace("brigade@", credentials) + options;
        Map<String, String> settings = Map.of(
                "brigade.database.user", user,
                "brigade.database.password", user,
                "brigade.database.schema", setting);
        try (Database first = connect(address, settings)) {
            assertThat(first.migrate(TestService.ROUTES)).isPositive();
            assertThat(first.schema()).isEqualTo(schema);
            execute(first, "INSERT INTO leaderboard VALUES ('1', 2, 'Ana')");
        }
        try (Database second = connect(address, settings)) {
            assertThat(second.migrate(TestService.ROUTES)).isZero();
            assertThat(ask(second, "SELECT name FROM " + TableSql.qualified(schema, "leaderboard")))
                    .isEqualTo("Ana");
        }
        try (Database third = connect(uri, Map.of())) {
            assertThat(third.migrate(TestService.ROUTES))
                    .as("nobody says where they are")
                    .isZero();
            assertThat(third.schema()).isEqualTo(schema);
        }
    }

    @Test
    void what_an_earlier_version_left_in_the_schema_of_the_user_is_passed_over() throws Exception {
        try (Database before = connect(uri, Map.of())) {
            before.migrate(TestService.ROUTES);
            execute(before, "INSERT INTO leaderboard VALUES ('1', 2, 'Ana')");
            execute(
                    before,
                    "CREATE TABLE brigade.brigade_migrations (LIKE public.brigade_migrations INCLUDING ALL);"
                            + " INSERT INTO brigade.brigade_migrations VALUES (1, '0', '<< Flyway Baseline >>',"
                            + " 'BASELINE', '<< Flyway Baseline >>', NULL, 'brigade', now(), 0, true);"
                            // The first start was killed before the last migration.
                            + " DELETE FROM brigade_migrations WHERE version = '20261122.4';"
                            + " DROP SCHEMA analytics, staging, if_common CASCADE");
        }
        try (Database now = connect(uri, Map.of())) {
            assertThat(now.migrate(TestService.ROUTES)).isEqualTo(1);
            assertThat(now.schema()).isEqualTo("public");
            assertThat(ask(now, "SELECT name FROM leaderboard")).isEqualTo("Ana");
        }
    }

    @Test
    void processes_that_start_at_once_on_an_empty_database_do_not_take_the_tables_of_one_another_for_somebody_elses()
            throws Exception {
        int processes = 6;
        CyclicBarrier connected = new CyclicBarrier(processes);
        ExecutorService threads = Executors.newFixedThreadPool(processes);
        try {
            List<Future<Integer>> applied = new ArrayList<>();
            for (int number = 0; number < processes; number++) {
                int later = 20 * number;
                applied.add(threads.submit(() -> {
                    try (Database database = connect(uri, Map.of())) {
                        connected.await(1, TimeUnit.MINUTES);
                        TimeUnit.MILLISECONDS.sleep(later);
                        return database.migrate(TestService.ROUTES);
                    }
                }));
            }
            List<Integer> counts = new ArrayList<>();
            for (Future<Integer> each : applied) {
                counts.add(each.get());
            }
            assertThat(counts).filteredOn(count -> count > 0).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void nobody_migrates_while_another_process_does() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Database first = connect(uri, Map.of());
                Database second = connect(uri, Map.of());
                Connection other = first.pool().getConnection();
                Statement lock = other.createStatement()) {
            lock.execute("SELECT pg_advisory_lock(hashtextextended('brigade.migrations public', 0))");
            Future<Integer> applied = thread.submit(() -> second.migrate(TestService.ROUTES));
            await().until(() -> ask(
                            first,
                            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database ="
                                    + " (SELECT oid FROM pg_database WHERE datname = current_database())")
                    .equals("1"));
            assertThat(applied.isDone()).isFalse();
            lock.execute("SELECT pg_advisory_unlock_all()");
            assertThat(applied.get()).isPositive();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void another_schema_than_the_one_with_the_tables_is_refused_by_name() {
        try (Database first = connect(uri, Map.of())) {
            first.migrate(TestService.ROUTES);
        }
        assertThatThrownBy(() -> connect(uri + "?currentSchema=app", Map.of()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("are in the schema public, not in app");
    }
}
