package io.bucketbrigade.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.database.MadeByMigrations.Relation;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is missing in a database is reported with the statement that adds it. */
@Tag("slow")
class MissingTablesTest {
    private static final String USER = "limited";

    @TempDir
    private Path further = Path.of("");

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
            assertThatThrownBy(() -> database.migrate(TestService.ROUTES))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("GRANT CREATE ON DATABASE \"" + name + "\" TO \"" + USER + "\"")
                    .hasMessageContaining("GRANT CREATE ON SCHEMA public TO \"" + USER + "\"");
            assertThat(DatabaseCheck.of(DatabaseAddress.parse(uri, "", ""), TestService.ROUTES)
                            .obstacles())
                    .hasSize(2);
        }
    }

    @Test
    void a_table_of_somebody_else_is_renamed_or_evaded() throws Exception {
        try (Database database = connect(uri)) {
            execute(database, "CREATE TABLE leaderboard (id integer)");
            assertThatThrownBy(() -> database.migrate(TestService.ROUTES))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("public.leaderboard that does not belong to Bucket Brigade")
                    .hasMessageContaining("ALTER TABLE public.leaderboard RENAME TO leaderboard_before_brigade")
                    .hasMessageContaining("BRIGADE_DATABASE_SCHEMA");
            assertThat(DatabaseCheck.of(DatabaseAddress.parse(uri, "", ""), TestService.ROUTES)
                            .obstacles())
                    .hasSize(1);
        }
        try (Database database = connect(uri + "?currentSchema=app")) {
            assertThat(database.migrate(TestService.ROUTES)).isPositive();
            execute(database, "SELECT user_id FROM app.leaderboard");
        }
    }

    @Test
    void what_somebody_dropped_renamed_or_revoked_is_named_with_what_to_do() throws Exception {
        try (Database database = connect(uri)) {
            assertThat(database.missing(TestService.ROUTES))
                    .as("nothing was made yet")
                    .isEmpty();
            database.migrate(TestService.ROUTES);
            assertThat(database.missing(TestService.ROUTES)).isEmpty();
            execute(database, "DROP TABLE leaderboard; DROP VIEW brigade.runs_as_json");
            execute(database, "ALTER TABLE brigade.runs RENAME bytes_read TO bytes_seen");
            execute(database, "ALTER TABLE historical_stocks_data DROP COLUMN volume_traded CASCADE");
            execute(database, "REVOKE INSERT, UPDATE ON analytics.agg_shipments FROM " + USER);
            execute(database, "REVOKE USAGE ON SEQUENCE brigade.upload_generations FROM " + USER);
            execute(database, "REVOKE USAGE ON SCHEMA if_common FROM " + USER);
            assertThat(database.migrate(TestService.ROUTES)).isZero();
            List<String> missing = DatabaseCheck.of(DatabaseAddress.parse(uri, "", ""), TestService.ROUTES)
                    .missing();
            assertThat(missing)
                    .hasSize(8)
                    .anySatisfy(finding -> assertThat(finding)
                            .contains("no longer has the table public.leaderboard")
                            .contains("run what V20261121_2__leaderboard.sql and later migrations say about it"))
                    .anySatisfy(finding -> assertThat(finding).contains("no longer has the view brigade.runs_as_json"))
                    .anySatisfy(
                            finding -> assertThat(finding).contains("no longer has the view public.historical_stocks"))
                    .anySatisfy(finding -> assertThat(finding)
                            .startsWith(
                                    "The table brigade.runs no longer has the column bytes_read; columns that Bucket"
                                            + " Brigade did not create: bytes_seen. Rename columns back")
                            .contains("ALTER TABLE brigade.runs RENAME COLUMN"))
                    .anySatisfy(finding -> assertThat(finding).contains("no longer has the column volume_traded"))
                    .anySatisfy(finding -> assertThat(finding)
                            .startsWith(
                                    "The user limited does not have INSERT, UPDATE on the table analytics.agg_shipments")
                            .endsWith("GRANT INSERT, UPDATE ON analytics.agg_shipments TO \"limited\";"))
                    .anySatisfy(finding -> assertThat(finding)
                            .endsWith("GRANT USAGE ON SEQUENCE brigade.upload_generations TO \"limited\";"))
                    .anySatisfy(
                            finding -> assertThat(finding).endsWith("GRANT USAGE ON SCHEMA if_common TO \"limited\";"));
            CommandResult migrated = CommandResult.of(Map.of(), "migrate", uri);
            assertThat(migrated.out()).contains(" are up to date.");
            assertThat(migrated.err()).isEqualTo(String.join("\n", missing) + "\n");
            assertThat(CommandResult.of(
                                    Map.of("BRIGADE_DATABASE_URL", uri, "BRIGADE_DATA", further.toString()), "doctor")
                            .out()
                            .lines())
                    .containsAll(missing.stream()
                            .map(finding -> "failed   " + finding)
                            .toList());
        }
    }

    @Test
    void what_migrations_made_is_found_in_their_sql_as_later_ones_left_it() {
        MadeByMigrations made = new MadeByMigrations("public");
        made.read("V1.sql", """
                -- CREATE TABLE not_this (id integer);
                /* nor CREATE TABLE this_one (id integer); */
                create table if not exists "High Tides" (
                    "At Sea" text DEFAULT 'it''s; b, (c' NOT NULL, -- where, and when
                    height numeric(5, 2) CHECK (height IN (1, 2)), gone integer, moon text,
                    CONSTRAINT known UNIQUE ("At Sea", height), primary key (height)
                ) WITH (fillfactor = 70, autovacuum_enabled = true);
                CREATE TABLE dropped (id integer);
                CREATE TABLE renamed (id integer);
                CREATE TABLE copied AS SELECT 1 AS id;
                CREATE FUNCTION tide() RETURNS text LANGUAGE sql AS $f$
                    SELECT 'a'; SELECT 'x; CREATE TABLE y (id integer)'; $f$;
                """);
        made.read("V2.sql", """
                ALTER TABLE "High Tides" DROP COLUMN gone, ADD COLUMN harbour text DEFAULT 'x, y', ADD UNIQUE (harbour);
                ALTER TABLE "High Tides" ALTER moon SET NOT NULL;
                ALTER TABLE "High Tides" RENAME CONSTRAINT known TO unique_tides;
                ALTER TABLE "High Tides" RENAME COLUMN height TO metres;
                ALTER TABLE "High Tides" RENAME moon TO phase;
                DROP TABLE IF EXISTS dropped, nothing CASCADE;
                ALTER TABLE renamed RENAME TO other;
                """);
        assertThat(made.relations())
                .extracting(Relation::name, Relation::columns)
                .containsExactly(
                        tuple("High Tides", Set.of("At Sea", "metres", "harbour", "phase")), tuple("copied", Set.of()));
    }

    @Test
    void what_further_migrations_make_may_be_dropped_in_any_way() throws Exception {
        Files.writeString(further.resolve("V20270101_1__tides.sql"), """
                CREATE SCHEMA tides;
                CREATE TABLE tides.heights (id integer);
                CREATE VIEW high AS SELECT id FROM tides.heights;
                CREATE VIEW low AS SELECT 1 AS id;
                """);
        Files.writeString(
                further.resolve("V20270101_2__tides.sql"),
                "ALTER VIEW low RENAME TO lower_still; DROP SCHEMA tides CASCADE;");
        try (Database database = connect(uri)) {
            database.migrate(List.of(TestService.ROUTES.get(0), further));
            assertThat(database.missing(List.of(TestService.ROUTES.get(0), further)))
                    .isEmpty();
        }
    }

    @Test
    void migrations_that_were_changed_or_are_unknown_are_said_in_our_own_words() throws Exception {
        try (Database database = connect(uri)) {
            database.migrate(TestService.ROUTES);
            execute(database, "UPDATE brigade_migrations SET checksum = 1 WHERE version = '20261121.2'");
            assertThatThrownBy(() -> database.migrate(TestService.ROUTES))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("migration 20261121.2 (leaderboard) was changed after it was applied")
                    .message()
                    .doesNotContainIgnoringCase("flyway");
        }
    }

    @Test
    void tables_of_a_newer_version_are_left_alone() throws Exception {
        try (Database database = connect(uri)) {
            database.migrate(TestService.ROUTES);
            execute(
                    database,
                    "INSERT INTO brigade_migrations SELECT 1000, '29991231.1', 'what comes', type, script, checksum, installed_by,"
                            + " installed_on, execution_time, success FROM brigade_migrations WHERE version = '20261121.2'");
            String newer =
                    "has the migration 29991231.1 (what comes), which this program does not know. Start the version of"
                            + " Bucket Brigade that applied it, or a newer one";
            assertThatThrownBy(() -> database.migrate(TestService.ROUTES))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining(newer);
            assertThat(DatabaseCheck.of(DatabaseAddress.parse(uri, "", ""), TestService.ROUTES)
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
