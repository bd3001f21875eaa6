package io.bucketbrigade.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestDatabase;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What a database lacks is said with the statement that gives it. */
class DatabaseLacksTest {
    private static final String USER = "lacking";

    private final String uri = TestDatabase.newUriOf(USER);
    private final String name = URI.create(uri).getPath().substring(1);

    private static void execute(Database database, String sql) throws Exception {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Database connect(String address) {
        return Database.connect(DatabaseAddress.parse(address, "", ""));
    }

    @Test
    void text_that_is_not_stored_as_utf8() {
        TestDatabase.execute("CREATE DATABASE " + name + "_latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C'"
                + " LC_CTYPE 'C'");
        assertThatThrownBy(() -> connect(uri + "_latin"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("stores text as LATIN1")
                .hasMessageContaining("ENCODING 'UTF8'");
    }

    @Test
    void a_database_that_is_read_only() {
        TestDatabase.execute("ALTER DATABASE " + name + " SET default_transaction_read_only = on");
        assertThatThrownBy(() -> connect(uri))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("ALTER DATABASE \"" + name + "\" SET default_transaction_read_only = off");
    }

    @Test
    void rights_to_create() throws Exception {
        TestDatabase.execute("ALTER DATABASE " + name + " OWNER TO postgres");
        try (Database database = connect(uri)) {
            assertThatThrownBy(() -> database.migrate(null))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("GRANT CREATE ON DATABASE \"" + name + "\" TO \"" + USER + "\"")
                    .hasMessageContaining("GRANT CREATE ON SCHEMA public TO \"" + USER + "\"");
            assertThat(DatabaseCheck.of(DatabaseAddress.parse(uri, "", ""), null)
                            .obstacles())
                    .hasSize(2);
        }
    }

    @Test
    void a_table_of_somebody_else_is_renamed_or_evaded() throws Exception {
        try (Database database = connect(uri)) {
            execute(database, "CREATE TABLE leaderboard (id integer)");
            assertThatThrownBy(() -> database.migrate(null))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("public.leaderboard that isn't Bucket Brigade's")
                    .hasMessageContaining("ALTER TABLE public.leaderboard RENAME TO leaderboard_before_brigade")
                    .hasMessageContaining("BRIGADE_DATABASE_SCHEMA");
            assertThat(DatabaseCheck.of(DatabaseAddress.parse(uri, "", ""), null)
                            .obstacles())
                    .hasSize(1);
        }
        try (Database database = connect(uri + "?currentSchema=app")) {
            assertThat(database.migrate(null)).isPositive();
            execute(database, "SELECT user_id FROM app.leaderboard");
        }
    }

    @Test
    void migrations_that_were_changed_or_are_unknown_are_said_in_our_own_words() throws Exception {
        try (Database database = connect(uri)) {
            database.migrate(null);
            execute(database, "UPDATE brigade_migrations SET checksum = 1 WHERE version = '20261121.2'");
            assertThatThrownBy(() -> database.migrate(null))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("migration 20261121.2 (leaderboard) was changed after it was applied")
                    .message()
                    .doesNotContainIgnoringCase("flyway");
        }
    }

    @Test
    void tables_of_a_newer_version_are_left_alone() throws Exception {
        try (Database database = connect(uri)) {
            database.migrate(null);
            execute(
                    database,
                    "INSERT INTO brigade_migrations SELECT 1000, '29991231.1', 'what comes', type, script, checksum, installed_by,"
                            + " installed_on, execution_time, success FROM brigade_migrations WHERE version = '20261121.2'");
            String newer =
                    "has the migration 29991231.1 (what comes), which this program does not know. Start the version of"
                            + " Bucket Brigade that applied it, or a newer one";
            assertThatThrownBy(() -> database.migrate(null))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining(newer);
            assertThat(DatabaseCheck.of(DatabaseAddress.parse(uri, "", ""), null)
                            .obstacles())
                    .singleElement()
                    .asString()
                    .contains(newer);
        }
    }

    @Test
    void settings_of_the_role_do_not_reach_our_sessions() throws Exception {
        TestDatabase.execute("ALTER DATABASE " + name + " SET TimeZone = 'Asia/Tokyo'");
        TestDatabase.execute("ALTER DATABASE " + name + " SET DateStyle = 'German'");
        TestDatabase.execute("ALTER DATABASE " + name + " SET statement_timeout = '1min'");
        try (Database database = connect(uri);
                Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT current_setting('TimeZone'), current_setting('DateStyle'),"
                                + " current_setting('statement_timeout')")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("UTC");
            assertThat(row.getString(2)).isEqualTo("ISO, MDY");
            assertThat(row.getString(3)).isEqualTo("0");
        }
    }
}
