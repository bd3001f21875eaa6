package io.bucketbrigade.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestLocations;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
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
                connection.commit();
            }
        }
    }
}
