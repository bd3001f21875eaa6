package io.bucketbrigade.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestLocations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class LakeRunsTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void the_runs_that_wrote_rows_of_present_and_past_states_are_in_use() throws Exception {
        try (Database database = TestDatabase.newMigrated()) {
            TestLake lake = new TestLake(database, folder.resolve("lake"));
            LakeRuns runs = new LakeRuns(TestLocations.FOLDERS, database.pool());
            assertThat(runs.find().runs()).isEmpty();
            for (long number : new long[] {5, 60}) {
                try (LakeRun run = lake.run(number)) {
                    TestLake.write(run, "numbers", "SELECT " + number + " AS n");
                    lake.publish(run);
                }
            }
            assertThat(runs.find().runs()).containsExactlyInAnyOrder(5L, 60L);
            assertThat(runs.find().unclear()).isEmpty();

            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".avro")).toList()) {
                    Files.delete(file);
                }
            }
            assertThat(runs.find().unclear()).containsOnlyKeys("a_lake");
        }
    }
}
