package io.bucketbrigade.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.lake.Lake.Limits;
import io.bucketbrigade.support.TestLocations;
import io.bucketbrigade.support.TestService;
import io.bucketbrigade.support.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Spark reads what runs have published, through both catalogs, and as it was before. */
@Tag("slow")
class SparkReadsLakeTest {
    private static final List<String> TABLES =
            List.of("bronze", "bronze_rejects", "rejects", "silver", "late_cases", "months");
    private static final List<String> HISTORY = List.of("silver", "late_cases");
    private static final String HEADER =
            "case_enquiry_id,open_dt,sla_target_dt,closed_dt,on_time,case_status,closure_reason,neighborhood,type,latitude,longitude\n";
    private static final String KEY = "the-right-key";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void spark_reads_all_tables_and_their_history_as_duckdb_does() throws Exception {
        assumeTrue(TestSpark.isInstalled(), "Spark is not built in target/test-servers; .ci/run does that");
        try (TestService service = new TestService(
                folder.resolve("data"),
                Map.of("BRIGADE_API_KEY", KEY, "CITY_REQUESTS_QUIET", "300ms", "CITY_REQUESTS_MAX_REJECTED", "100%"))) {
            drop(
                    "2015.csv",
                    HEADER
                            + "101,2015-01-02 10:00:00,2015-01-03 10:00:00,2015-01-05 11:30:00,OVERDUE,Closed,\"Case Closed, \"\"done\"\"\nthanks\",Roxbury,Pothole,42.36,-71.06\n"
                            + "102,2015-02-02 10:00:00,,,,Open,,Ünited,Graffiti,,\n"
                            + "x,2015-02-02 10:00:00,,,,Open,,South End,Graffiti,,\n103,more fields than the header has,,,,,,,,,,x,y\n");
            drop(
                    "2016.csv",
                    HEADER + "201,2016-03-04 00:00:00,,2016-03-04 12:00:00,ONTIME,Closed,,Dorchester,Noise,,\n");
            long first =
                    service.awaitRun("city-requests", 1, "succeeded").path("id").asLong();
            Map<String, List<String>> before = duck(service);
            String files = queries(service);
            Map<String, String> snapshots = snapshots(service);
            drop(
                    "2016.csv",
                    HEADER
                            + "201,2016-03-04 00:00:00,2016-03-04 01:00:00,2016-03-09 12:00:00,OVERDUE,Closed,,Dorchester,Noise,,\n"
                            + "202,2016-05-04 00:00:00,,,,Open,,Dorchester,Noise,,\n");
            service.awaitRun("city-requests", first + 1, "succeeded");
            Map<String, List<String>> now = duck(service);
            Objects.requireNonNull(service.context().getRegistry().lookupByNameAndType("lakeUpkeep", LakeUpkeep.class))
                    .tidy();
            String unneeded = service.ask("SELECT coalesce(string_agg(name, '|'), 'none') FROM lake.unneeded_files");
            assertThat(files + queries(service)).doesNotContain(unneeded.split("\\|"));
            assertThat(now.get("silver")).hasSize(4).isNotEqualTo(before.get("silver"));

            Map<String, String> statements = new LinkedHashMap<>();
            for (String catalog : List.of("rest", "brigade")) {
                statements.put(catalog, "SHOW TABLES IN " + catalog + ".city_requests");
                for (String table : TABLES) {
                    String name = catalog + ".city_requests." + table;
                    statements.put(name, rows(service, name, table));
                }
            }
            for (String catalog : List.of("rest", "brigade")) {
                for (String table : HISTORY) {
                    String name = catalog + ".city_requests." + table;
                    String id = snapshots.getOrDefault(table, "");
                    statements.put(name + " by id", rows(service, name + " VERSION AS OF " + id, table));
                    statements.put(
                            name + " by time",
                            rows(service, name + " TIMESTAMP AS OF '" + committed(service, table, id) + "'", table));
                }
            }
            statements.put("header", rows(service, "header.city_requests.silver", "silver"));
            statements.put("write", "DELETE FROM rest.city_requests.silver");
            statements.put("absent", "SELECT * FROM rest.city_requests.none");
            Map<String, List<String>> answers = ask(service, statements);

            for (String catalog : List.of("rest", "brigade")) {
                assertThat(answers.get(catalog))
                        .extracting(line -> line.split("\\|", -1)[1])
                        .containsExactlyInAnyOrderElementsOf(TABLES);
                for (String table : TABLES) {
                    String name = catalog + ".city_requests." + table;
                    assertThat(answers.get(name)).as(name).containsExactlyInAnyOrderElementsOf(now.get(table));
                }
            }
            for (String catalog : List.of("rest", "brigade")) {
                for (String table : HISTORY) {
                    String name = catalog + ".city_requests." + table;
                    assertThat(answers.get(name + " by id")).containsExactlyInAnyOrderElementsOf(before.get(table));
                    assertThat(answers.get(name + " by time")).containsExactlyInAnyOrderElementsOf(before.get(table));
                }
            }
            assertThat(answers.get("header")).containsExactlyInAnyOrderElementsOf(now.get("silver"));
            assertThat(String.valueOf(answers.get("write"))).startsWith("[!! ");
            assertThat(String.valueOf(answers.get("absent"))).contains("TABLE_OR_VIEW_NOT_FOUND");
            assertThat(duck(service)).isEqualTo(now);
        }
    }

    private void drop(String name, String text) throws Exception {
        Path raw = Files.createDirectories(folder.resolve("data/city-requests/raw"));
        Path beside = Files.writeString(folder.resolve(name), text);
        Files.move(beside, raw.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Database database(TestService service) {
        return Database.connect(DatabaseAddress.parse(service.databaseUri(), "", ""));
    }

    private LakeTable table(Database database, String name) throws Exception {
        return LakeTable.load(
                database.pool(),
                TableName.of("city-requests", name),
                new LakeFiles(
                        TestLocations.FOLDERS,
                        folder.resolve("data/city-requests/lake").toString()));
    }

    /** The rows of all tables, as DuckDB finds them in the files of the current snapshot. */
    private Map<String, List<String>> duck(TestService service) throws Exception {
        Map<String, List<String>> all = new LinkedHashMap<>();
        try (Database database = database(service);
                DuckSession duck = DuckSession.open(new Limits(1 << 28, 2, folder.resolve("spill")))) {
            for (String name : TABLES) {
                String query = table(database, name).query();
                all.put(name, duck.ask(rows(service, "(" + query + ")", name), rows -> {
                    List<String> found = new ArrayList<>();
                    while (rows.next()) {
                        found.add(rows.getString(1).replace("\\", "\\\\").replace("\n", "\\n"));
                    }
                    Collections.sort(found);
                    return found;
                }));
            }
        }
        return all;
    }

    /** The queries for all tables, which name all data files. */
    private String queries(TestService service) throws Exception {
        StringBuilder all = new StringBuilder();
        try (Database database = database(service)) {
            for (String name : TABLES) {
                all.append(table(database, name).query());
            }
        }
        return all.toString();
    }

    /** A query for rows as text that DuckDB and Spark understand. */
    private String rows(TestService service, String from, String name) throws Exception {
        try (Database database = database(service)) {
            Schema schema = Objects.requireNonNull(table(database, name).schema());
            return schema.columns().stream()
                    .map(NestedField::name)
                    .map(column -> "coalesce(CAST(t." + column + " AS STRING), '~')")
                    .collect(Collectors.joining(", ", "SELECT concat_ws('|', ", ") FROM " + from + " AS t"));
        }
    }

    private Map<String, String> snapshots(TestService service) throws Exception {
        Map<String, String> all = new LinkedHashMap<>();
        try (Database database = database(service)) {
            for (String name : TABLES) {
                all.put(
                        name,
                        InTransaction.<String, Exception>get(
                                database.pool(),
                                connection -> Long.toString(metadata(connection, name)
                                        .currentSnapshot()
                                        .snapshotId())));
            }
        }
        return all;
    }

    private TableMetadata metadata(Connection connection, String name) {
        return Objects.requireNonNull(new LakeTableOperations(
                        connection,
                        TableName.of("city-requests", name),
                        new LakeFiles(
                                TestLocations.FOLDERS,
                                folder.resolve("data/city-requests/lake").toString()))
                .current());
    }

    /** When a snapshot was made, as Spark reads it. */
    private String committed(TestService service, String table, String id) throws Exception {
        try (Database database = database(service)) {
            long millis = InTransaction.<Long, Exception>get(database.pool(), connection -> metadata(connection, table)
                    .snapshot(Long.parseLong(id))
                    .timestampMillis());
            return Instant.ofEpochMilli(millis).toString();
        }
    }

    private Map<String, List<String>> ask(TestService service, Map<String, String> statements) throws Exception {
        DatabaseAddress address = DatabaseAddress.parse(service.databaseUri(), "", "");
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.sql.extensions", "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions");
        for (String catalog : List.of("rest", "header", "brigade")) {
            settings.put("spark.sql.catalog." + catalog, "org.apache.iceberg.spark.SparkCatalog");
            settings.put("spark.sql.catalog." + catalog + ".type", catalog.equals("brigade") ? "jdbc" : "rest");
            settings.put("spark.sql.catalog." + catalog + ".uri", service.address("/iceberg"));
        }
        settings.put("spark.sql.catalog.rest.token", KEY);
        settings.put("spark.sql.catalog.header.header.Authorization", "Bearer " + KEY);
        settings.put(
                "spark.sql.catalog.brigade.uri",
                address.jdbcUrl() + (address.jdbcUrl().contains("?") ? "&" : "?") + "currentSchema=lake");
        settings.put("spark.sql.catalog.brigade.jdbc.user", address.user());
        settings.put("spark.sql.catalog.brigade.jdbc.password", address.password());
        settings.put("spark.sql.catalog.brigade.jdbc.schema-version", "V1");
        settings.put("spark.sql.catalog.brigade.warehouse", "file://" + folder.resolve("data/city-requests/lake"));
        List<List<String>> answers = TestSpark.ask(
                Files.createDirectories(folder.resolve("spark")), settings, List.copyOf(statements.values()));
        Map<String, List<String>> named = new LinkedHashMap<>();
        for (String name : statements.keySet()) {
            named.put(name, answers.get(named.size()));
        }
        return named;
    }
}
