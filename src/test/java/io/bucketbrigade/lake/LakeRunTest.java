package io.bucketbrigade.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestLocations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of a lake, written by one run after the other. */
@Tag("slow")
class LakeRunTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void what_a_run_writes_is_seen_when_its_transaction_is_committed() throws Exception {
        try (Database database = TestDatabase.newMigrated();
                LakeRun lake = new LakeRun(
                        "a-lake",
                        1,
                        database.pool(),
                        new LakeFiles(TestLocations.FOLDERS, folder.toString()),
                        DuckSession.open(new Lake.Limits(1 << 28, 2, folder.resolve("spill"))))) {
            assertThat(lake.write("numbers", "SELECT 1 AS n, 'a' AS t", Layout.by(List.of("n")), old -> true, "x"))
                    .isEqualTo(1);
            try (Connection connection = database.pool().getConnection()) {
                connection.setAutoCommit(false);
                lake.publish(connection);
                assertThat(rows(database)).as("before the commit").isEmpty();
                connection.commit();
            }
            assertThat(rows(database)).hasValue("n,t\n1,a\n");
        }
    }

    @Test
    void a_table_gets_columns_of_any_name_from_a_later_run() throws Exception {
        try (Database database = TestDatabase.newMigrated()) {
            TestLake runs = new TestLake(database, folder);
            List<String> queries = List.of(
                    "SELECT 1 AS n",
                    "SELECT 1 AS n, 2 AS \"a.b\"",
                    "SELECT 1 AS n, 3 AS filename, 4 AS _data_file, 5 AS _Written_By, 6 AS \"\uD83D\uDE00\"");
            for (int run = 0; run < queries.size(); run++) {
                try (LakeRun lake = runs.run(run)) {
                    TestLake.write(lake, "numbers", queries.get(run));
                    runs.publish(lake);
                }
            }
            try (LakeRun lake = runs.run(3)) {
                assertThat(lake.columns("numbers"))
                        .containsOnlyKeys("n", "a.b", "filename", "_data_file", "_Written_By", "\uD83D\uDE00");
                assertThat(lake.find(lake.table("numbers").queryWithRuns()))
                        .singleElement()
                        .satisfies(row -> assertThat(row)
                                .containsEntry("filename", 3)
                                .containsEntry("_data_file", 4)
                                .containsEntry("\uD83D\uDE00", 6)
                                .containsEntry("_written_by", 2L));
            }
        }
    }

    @Test
    void a_lake_that_was_moved_says_that_its_tables_are_elsewhere() throws Exception {
        try (Database database = TestDatabase.newMigrated()) {
            TestLake here = new TestLake(database, Files.createDirectories(folder.resolve("here")));
            try (LakeRun lake = here.run(1)) {
                TestLake.write(lake, "numbers", "SELECT 1 AS n");
                here.publish(lake);
            }
            try (LakeRun lake = new TestLake(database, Files.createDirectories(folder.resolve("there"))).run(2)) {
                assertThatThrownBy(() -> lake.table("numbers"))
                        .isInstanceOf(Problem.class)
                        .hasMessageStartingWith(
                                "The table a_lake.numbers is not in the lake, but in another folder or bucket")
                        .hasMessageContaining("Name the place where it was;");
            }
        }
    }

    private Optional<String> rows(Database database) throws Exception {
        return PublishedTable.csv(
                database.pool(),
                TestLocations.FOLDERS,
                folder.toString(),
                "a-lake",
                "numbers",
                List.of("n", "t"),
                new Lake.Limits(1 << 28, 1, folder.resolve("spill")));
    }
}
