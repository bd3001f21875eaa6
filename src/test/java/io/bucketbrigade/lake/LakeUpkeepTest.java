package io.bucketbrigade.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.lake.Lake.Limits;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestLocations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left of a lake after runs, failed runs and long times. */
@Tag("slow")
class LakeUpkeepTest {
    private static final Duration KEPT = Duration.ofDays(7);
    private static final TableName NUMBERS = new TableName("a_lake", "numbers");

    @TempDir
    private Path folder = Path.of("");

    private Database database;
    private LakeFiles files;
    private LakeUpkeep upkeep;
    private Instant now = Instant.now();
    private int runs;

    @BeforeEach
    void start() {
        database = TestDatabase.newMigrated();
        files = new LakeFiles(TestLocations.FOLDERS, folder.resolve("lake").toString());
        upkeep = new LakeUpkeep(TestLocations.FOLDERS, database.pool(), KEPT, Duration.ofHours(24), () -> now);
    }

    @AfterEach
    void stop() {
        database.close();
    }

    private DuckSession duck() throws SQLException {
        return DuckSession.open(new Limits(1 << 27, 1, folder.resolve("spill")));
    }

    /** Writes rows in the place of all others, or of those that are said. */
    private void run(String query, Predicate<DataFile> old, boolean isPublished) throws Exception {
        Files.createDirectories(folder.resolve("lake"));
        try (LakeRun lake = new LakeRun("a-lake", ++runs, database.pool(), files, duck())) {
            lake.write("numbers", query, Layout.by(List.of("n")), old, "x");
            try (Connection connection = database.pool().getConnection()) {
                connection.setAutoCommit(false);
                lake.publish(connection);
                upkeep.expire(connection, "a-lake", files);
                if (isPublished) {
                    connection.commit();
                } else {
                    connection.rollback();
                }
            }
        }
    }

    private void publish(int number) throws Exception {
        run("SELECT " + number + " AS n, 'a' AS t", old -> true, true);
    }

    private BaseTable table(Connection connection) {
        return new BaseTable(new LakeTableOperations(connection, NUMBERS, files), "numbers");
    }

    private List<Snapshot> snapshots() throws SQLException {
        return InTransaction.<List<Snapshot>, RuntimeException>get(database.pool(), connection -> Stream.of(
                        table(connection).snapshots().spliterator())
                .flatMap(all -> StreamSupport.stream(all, false))
                .toList());
    }

    private String query() throws Exception {
        return LakeTable.load(database.pool(), NUMBERS, files).query();
    }

    private String numbers(String query) throws Exception {
        try (DuckSession duck = duck()) {
            return duck.ask("SELECT string_agg(n, ',' ORDER BY n) FROM (" + query + ")", row -> {
                row.next();
                return row.getString(1);
            });
        }
    }

    private Set<String> present() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("lake"))) {
            Set<String> found = new TreeSet<>();
            all.filter(file -> !file.equals(folder.resolve("lake")))
                    .forEach(file ->
                            found.add(folder.resolve("lake").relativize(file).toString()));
            return found;
        }
    }

    private void tidyAfter(Duration time) throws Exception {
        now = now.plus(time);
        upkeep.tidy();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void what_was_current_since_then_stays_however_old_it_is() throws Exception {
        publish(1);
        publish(2);
        publish(3);
        List<Snapshot> all = snapshots();
        assertThat(all).hasSize(3);
        now = Instant.ofEpochMilli(all.get(2).timestampMillis() - 1).plus(KEPT);
        InTransaction.<RuntimeException>run(database.pool(), connection -> upkeep.expire(connection, "a-lake", files));
        assertThat(snapshots()).extracting(Snapshot::snapshotId).containsExactlyElementsOf(ids(all.subList(1, 3)));
        now = now.plus(KEPT);
        InTransaction.<RuntimeException>run(database.pool(), connection -> upkeep.expire(connection, "a-lake", files));
        assertThat(snapshots()).extracting(Snapshot::snapshotId).containsExactlyElementsOf(ids(all.subList(2, 3)));
        assertThat(numbers(query())).isEqualTo("3");
    }

    private static List<Long> ids(List<Snapshot> snapshots) {
        return snapshots.stream().map(Snapshot::snapshotId).toList();
    }

    @Test
    void the_head_of_a_branch_stays_with_its_files() throws Exception {
        publish(1);
        String first = query();
        InTransaction.<RuntimeException>run(database.pool(), connection -> {
            BaseTable table = table(connection);
            table.manageSnapshots()
                    .createBranch("kept", table.currentSnapshot().snapshotId())
                    .commit();
        });
        publish(2);
        now = now.plus(KEPT.multipliedBy(2));
        publish(3);
        publish(4);
        assertThat(snapshots()).hasSize(2);
        tidyAfter(Duration.ZERO);
        tidyAfter(Duration.ofHours(25));
        assertThat(numbers(first)).isEqualTo("1");
        assertThat(numbers(query())).isEqualTo("4");
    }

    @Test
    void files_and_folders_of_a_rolled_back_run_are_removed_after_a_day_and_no_others() throws Exception {
        publish(1);
        publish(2);
        Set<String> before = present();
        run("SELECT 9 AS n, 'a' AS t", old -> true, false);
        Set<String> with = present();
        assertThat(with).hasSizeGreaterThan(before.size()).contains("a_lake/numbers/data/n=9");
        tidyAfter(Duration.ZERO);
        tidyAfter(Duration.ofHours(23));
        assertThat(present()).isEqualTo(with);
        tidyAfter(Duration.ofHours(2));
        assertThat(present()).isEqualTo(before);
        assertThat(numbers(query())).isEqualTo("2");
    }

    @Test
    void who_reads_an_expired_snapshot_has_a_day_to_finish() throws Exception {
        publish(1);
        String reading = query();
        tidyAfter(KEPT.multipliedBy(2));
        publish(2);
        publish(3);
        assertThat(snapshots()).hasSize(1);
        tidyAfter(Duration.ofHours(1));
        tidyAfter(Duration.ofHours(23));
        assertThat(numbers(reading)).isEqualTo("1");
        tidyAfter(Duration.ofHours(2));
        assertThat(present()).noneMatch(file -> file.startsWith("a_lake/numbers/data/n=1"));
        assertThat(numbers(query())).isEqualTo("3");
        List<String> past = InTransaction.<List<String>, RuntimeException>get(
                database.pool(), connection -> table(connection).operations().current().previousFiles().stream()
                        .map(entry -> files.name(entry.file()))
                        .toList());
        assertThat(present()).containsAll(past);
    }

    @Test
    void files_of_a_run_that_is_alive_stay_however_long_it_takes() throws Exception {
        publish(1);
        execute("INSERT INTO brigade.runs (pipeline, task, trigger, fingerprint, inputs, owner, lease_until)"
                + " VALUES ('a-lake', 't', 't', 'f', '[]', 'o', now())");
        run("SELECT 9 AS n, 'a' AS t", old -> true, false);
        Set<String> with = present();
        tidyAfter(Duration.ofDays(2));
        tidyAfter(Duration.ofDays(2));
        assertThat(present()).isEqualTo(with);
        execute("UPDATE brigade.runs SET state = 'failed', error = 'x', finished_at = now()");
        tidyAfter(Duration.ZERO);
        tidyAfter(Duration.ofDays(2));
        assertThat(present()).doesNotContain("a_lake/numbers/data/n=9");
    }

    @ParameterizedTest
    @CsvSource({
        "file:///elsewhere/v1.metadata.json,TABLE",
        "file://LAKE/a_lake/x/metadata/none.metadata.json,TABLE",
        "file://LAKE/a_lake/numbers/data,TABLE",
        "'',TABLE",
        "file://LAKE/a_lake/x/metadata/v1.metadata.json,VIEW"
    })
    void nothing_is_removed_where_it_is_unclear_what_is_needed(String address, String kind) throws Exception {
        publish(1);
        run("SELECT 9 AS n, 'a' AS t", old -> true, false);
        execute("INSERT INTO lake.iceberg_tables VALUES ('brigade', 'a_lake', 'x', '"
                + address.replace("LAKE", folder.resolve("lake").toString()) + "', NULL, '" + kind + "')");
        publish(2);
        Set<String> with = present();
        for (int time = 0; time < 3; time++) {
            assertThatThrownBy(() -> tidyAfter(Duration.ofDays(2)))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("Unneeded files of a_lake are not removed");
        }
        assertThat(present()).isEqualTo(with);
    }

    @Test
    void several_processes_may_tidy_at_once() throws Exception {
        publish(1);
        Set<String> before = present();
        run("SELECT 9 AS n, 'a' AS t", old -> true, false);
        for (Duration time : List.of(Duration.ZERO, Duration.ofDays(2))) {
            now = now.plus(time);
            CompletableFuture.allOf(
                            CompletableFuture.runAsync(this::tidy),
                            CompletableFuture.runAsync(this::tidy),
                            CompletableFuture.runAsync(this::tidy))
                    .get();
        }
        assertThat(present()).isEqualTo(before);
        assertThat(numbers(query())).isEqualTo("1");
    }

    private void tidy() {
        try {
            upkeep.tidy();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
