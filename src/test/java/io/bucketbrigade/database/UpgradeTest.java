package io.bucketbrigade.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Today's program on the data of earlier ones. A database is migrated to a version and no further; what the program of that version would have
 * written is written when its migration has just been applied (the SQL in the folder upgrade), so that later migrations change it.
 */
@Tag("slow")
class UpgradeTest {
    private static final Path ROUTES = TestService.HOME.resolve("routes");

    @TempDir
    private Path folder = Path.of("");

    /** The landed migrations, the first applied first. */
    private static Map<MigrationVersion, Path> migrations() {
        try (Stream<Path> files = Files.walk(ROUTES)) {
            Map<MigrationVersion, Path> migrations = new LinkedHashMap<>();
            files.filter(file -> file.toString().matches(".*/migrations/V\\d+_\\d+__\\w+\\.sql"))
                    .sorted((one, other) -> version(one).compareTo(version(other)))
                    .forEach(file -> migrations.put(version(file), file));
            return migrations;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MigrationVersion version(Path file) {
        return MigrationVersion.fromVersion(String.valueOf(file.getFileName()).replaceFirst("V(.*?)__.*", "$1"));
    }

    /** All of them, or one in seven in the short form, the first among them. */
    static List<MigrationVersion> versions() {
        List<MigrationVersion> all = List.copyOf(migrations().keySet());
        return Boolean.getBoolean("upgrades.all")
                ? all
                : all.stream().filter(version -> all.indexOf(version) % 7 == 0).toList();
    }

    private static String written(MigrationVersion version) throws IOException {
        try (InputStream sql = UpgradeTest.class.getResourceAsStream("upgrade/" + version + ".sql")) {
            return sql == null ? "" : new String(sql.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String databaseOf(MigrationVersion target) throws Exception {
        String uri = TestDatabase.newUri();
        Path known = folder.resolve("known");
        try (Database database = Database.connect(DatabaseAddress.parse(uri, "", ""))) {
            for (Map.Entry<MigrationVersion, Path> migration : migrations().entrySet()) {
                boolean isLast = migration.getKey().equals(target);
                Path copy =
                        known.resolve(ROUTES.relativize(migration.getValue()).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(migration.getValue(), copy);
                String written = written(migration.getKey());
                if (isLast || !written.isEmpty()) {
                    database.migrate(List.of(known));
                    DatabaseRows.execute(database, written);
                }
                if (isLast) {
                    break;
                }
            }
        }
        return uri;
    }

    @Test
    void every_fixture_is_of_a_migration() throws Exception {
        List<String> versions =
                migrations().keySet().stream().map(MigrationVersion::toString).toList();
        try (Stream<Path> fixtures =
                Files.list(TestService.HOME.resolve("src/test/resources/io/bucketbrigade/database/upgrade"))) {
            assertThat(fixtures.map(file -> String.valueOf(file.getFileName()).replace(".sql", "")))
                    .isNotEmpty()
                    .isSubsetOf(versions);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void the_data_of_an_earlier_version_are_served_and_its_work_goes_on(MigrationVersion version) throws Exception {
        String uri = databaseOf(version);
        try (TestService service = new TestService(folder.resolve("data"), uri, Map.of())) {
            assertThat(service.get("/").statusCode()).isEqualTo(200);
            assertThat(service.get("/runs/1").body()).contains("\"state\" : \"succeeded\"", "\"unknown_authors\": 1");
            assertThat(service.get("/runs?state=released&pipeline=leaderboard").body())
                    .contains("\"id\" : 2", "The service was stopped before it was done.");
            assertThat(service.get("/runs/3").body()).contains("messages.csv has no column author_id.");
            assertThatOldResultsAreServed(service, version);
            long last = Long.parseLong(service.ask("SELECT max(run_id) FROM brigade.runs"));
            service.drop("users.csv", "user_id,first_name,last_name\n1,Ana,Lima\n");
            service.drop("messages.csv", "message_id,author_id,received_at,content\n1,1,x,y\n");
            service.awaitRun("leaderboard", last + 1, "succeeded");
            assertThat(service.board()).contains("Ana").doesNotContain("Old");
            assertThat(service.runs().size()).isGreaterThan(3);
            assertThat(CommandResult.of(
                                    Map.of(
                                            "BRIGADE_DATA",
                                                    folder.resolve("data").toString(),
                                            "BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()),
                                            "BRIGADE_DATABASE_URL", uri),
                                    "doctor")
                            .out())
                    .doesNotContain("failed   The database");
        }
    }

    private static void assertThatOldResultsAreServed(TestService service, MigrationVersion version) throws Exception {
        if (version.isAtLeast("20261121.2")) {
            assertThat(service.board()).contains("Old Ana", "Old Bo");
        }
        if (version.isAtLeast("20261121.3")) {
            assertThat(service.get("/runs/1/rejected.csv").body()).contains("an old reason");
        }
        if (version.isAtLeast("20261122.1")) {
            assertThat(service.get("/runs/4/files").body()).contains("GONE.csv", "It is missing.");
            assertThat(service.get("/runs/5").body()).contains("skipped");
        }
        if (version.isAtLeast("20261122.2")) {
            assertThat(service.get("/stocks/Oldco").body()).contains("2026-11-20");
        }
        if (version.isAtLeast("20261122.4")) {
            assertThat(service.get("/orders/analytics/agg_shipments").body()).contains("41", "42");
        }
        if (version.isAtLeast("20261125.5")) {
            assertThat(service.ask("SELECT state FROM brigade.upload_batches WHERE batch_id = 'old'"))
                    .isEqualTo("committed");
        }
        if (version.isAtLeast("20261126.2")) {
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                            service.get("/transactions/invoices/OLD1").body())
                    .contains("85123A"));
            assertThat(service.get("/streams/transactions/rejected").body()).contains("an old reason");
        }
        if (version.isAtLeast("20261126.3")) {
            assertThat(service.get("/transactions/invoices/OLD2").body()).contains("85123A");
            assertThat(service.latestRun("transactions").path("task").asText()).isEqualTo("load");
        }
        if (version.isAtLeast("20261128.9")) {
            assertThat(service.latestRun("city-requests").path("steps").toString())
                    .contains("an old step");
        }
    }

    @Test
    void a_database_of_a_newer_version_is_refused_by_the_start_and_by_doctor_and_left_alone() throws Exception {
        String uri = TestDatabase.newUriWithTables();
        try (Database database = Database.connect(DatabaseAddress.parse(uri, "", ""))) {
            DatabaseRows.execute(
                    database,
                    "INSERT INTO brigade_migrations SELECT 1000, '29991231.1', 'what comes', type, script, checksum, installed_by,"
                            + " installed_on, execution_time, success FROM brigade_migrations WHERE version = '20261121.2'");
            Map<String, String> before = DatabaseRows.everything(database);
            String newer =
                    "has the migration 29991231.1 (what comes), which this program does not know. Start the version of"
                            + " Bucket Brigade that applied it, or a newer one";
            assertThatThrownBy(() -> new TestService(folder.resolve("data"), uri, Map.of()).close())
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining(newer);
            CommandResult doctor = CommandResult.of(
                    Map.of(
                            "BRIGADE_DATA", folder.resolve("data").toString(),
                            "BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()),
                            "BRIGADE_DATABASE_URL", uri),
                    "doctor");
            assertThat(doctor.status()).isEqualTo(1);
            assertThat(doctor.out()).contains(newer);
            assertThat(DatabaseRows.everything(database)).isEqualTo(before);
        }
    }
}
