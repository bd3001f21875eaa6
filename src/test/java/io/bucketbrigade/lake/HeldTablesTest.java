package io.bucketbrigade.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.support.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class HeldTablesTest {
    @TempDir
    private Path folder = Path.of("");

    private static void write(LakeRun lake, int value) throws Exception {
        for (String table : new String[] {"raw", "middle", "result"}) {
            TestLake.write(lake, table, "SELECT " + value + " AS n");
        }
    }

    private static String seen(TestLake lake, long run) throws Exception {
        try (LakeRun now = lake.run(run)) {
            StringBuilder seen = new StringBuilder();
            for (String table : new String[] {"raw", "middle", "result"}) {
                String content = now.columns(table).isEmpty()
                        ? "none"
                        : now.find("SELECT n FROM " + table).toString();
                seen.append(table).append(' ').append(content).append(lake.isBehind(table) ? " behind; " : "; ");
            }
            return seen.toString();
        }
    }

    @Test
    void a_table_that_is_held_stays_as_it_was_with_all_that_was_written_after_it_until_the_next_run() throws Exception {
        try (Database database = TestDatabase.newMigrated()) {
            TestLake lake = new TestLake(database, folder);
            try (LakeRun held = lake.run(1)) {
                write(held, 1);
                assertThat(held.hold(Set.of("middle")).toString()).isEqualTo("Held[tables=[middle, result], run=0]");
                lake.publish(held);
            }
            assertThat(seen(lake, 2)).isEqualTo("raw [{n=1}]; middle [] behind; result none; ");
            try (LakeRun good = lake.run(3)) {
                write(good, 3);
                lake.publish(good);
            }
            assertThat(seen(lake, 4)).isEqualTo("raw [{n=3}]; middle [{n=3}]; result [{n=3}]; ");
            for (int number = 5; number < 7; number++) {
                try (LakeRun held = lake.run(number)) {
                    write(held, number);
                    assertThat(held.hold(Set.of("middle", "raw")).toString())
                            .isEqualTo("Held[tables=[raw, middle, result], run=3]");
                    lake.publish(held);
                }
                assertThat(seen(lake, 40)).isEqualTo("raw [{n=3}] behind; middle [{n=3}] behind; result [{n=3}]; ");
            }
            try (LakeRun good = lake.run(7)) {
                write(good, 7);
                lake.publish(good);
            }
            assertThat(seen(lake, 8)).isEqualTo("raw [{n=7}]; middle [{n=7}]; result [{n=7}]; ");
        }
    }

    private static void update(LakeRun lake, String changed) throws Exception {
        lake.duck().execute("CREATE TEMP TABLE changed AS SELECT 1 AS n" + changed);
        lake.update("middle", "SELECT 1 AS n", List.of("n"), "changed");
    }

    @Test
    void a_table_that_is_found_up_to_date_is_held_with_what_was_written_after_it_and_not_before() throws Exception {
        try (Database database = TestDatabase.newMigrated()) {
            TestLake lake = new TestLake(database, folder);
            try (LakeRun first = lake.run(1)) {
                update(first, "");
                lake.publish(first);
            }
            try (LakeRun held = lake.run(2)) {
                TestLake.write(held, "raw", "SELECT 2 AS n");
                update(held, " WHERE false");
                TestLake.write(held, "result", "SELECT 2 AS n");
                assertThat(held.hold(Set.of("middle")).toString()).isEqualTo("Held[tables=[middle, result], run=1]");
                lake.publish(held);
            }
            assertThat(seen(lake, 3)).isEqualTo("raw [{n=2}]; middle [{n=1}]; result none; ");
            try (LakeRun good = lake.run(4)) {
                update(good, " WHERE false");
                TestLake.write(good, "result", "SELECT 4 AS n");
                lake.publish(good);
            }
            try (LakeRun held = lake.run(5)) {
                update(held, " WHERE false");
                TestLake.write(held, "result", "SELECT 5 AS n");
                assertThat(held.hold(Set.of("middle")))
                        .as("run 4 found the middle up to date")
                        .isEqualTo(new LakeRun.Held(List.of("middle", "result"), 4));
            }
        }
    }
}
