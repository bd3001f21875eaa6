package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.EmbeddedServer;
import io.bucketbrigade.support.BuiltProgram;
import io.bucketbrigade.support.SetUpPostgres;
import io.bucketbrigade.support.TestService;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program, killed in the middle of a restore. The long form: {@code ./mvnw verify -Dit.test=RestoreCrashIT -Dcrashes=30} */
@Tag("slow")
class RestoreCrashIT {
    private static final int CRASHES = Integer.getInteger("crashes", 4);
    private static final long SEED = Long.getLong("crashes.seed", System.nanoTime());

    @TempDir
    private Path folder = Path.of("");

    private String boardAfter(String sql) throws SQLException {
        try (Database database = Database.embedded(new EmbeddedServer(folder.resolve("data/postgres"), 0))) {
            database.migrate(TestService.ROUTES);
            try (Connection connection = database.pool().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
                try (ResultSet row = statement.executeQuery("SELECT count(*) || ' ' || max(name) FROM leaderboard")) {
                    row.next();
                    return String.valueOf(row.getString(1));
                }
            }
        }
    }

    private Process restore(Path log) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(BuiltProgram.command("restore", "brigade.backup"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())));
        return builder.start();
    }

    @Test
    void whenever_a_restore_is_killed_the_database_is_the_old_one_or_the_new_one_whole() throws Exception {
        SetUpPostgres.copyInto(Files.createDirectory(folder.resolve("data")));
        boardAfter("INSERT INTO leaderboard SELECT n, n, 'new' FROM generate_series(1, 100000) AS n");
        Map<String, String> environment =
                Map.of("BRIGADE_DATA", folder.resolve("data").toString());
        CommandResult backup = CommandResult.of(
                environment, "backup", folder.resolve("brigade.backup").toString());
        assertThat(backup.status()).as(backup.err()).isZero();
        String old = boardAfter("UPDATE leaderboard SET name = 'old'; DELETE FROM leaderboard WHERE messages > 50000");

        Path log = folder.resolve("log.txt");
        long began = System.nanoTime();
        assertThat(restore(log).waitFor(2, TimeUnit.MINUTES)).isTrue();
        long whole = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        assertThat(boardAfter("SELECT 1")).as(Files.readString(log)).isEqualTo("100000 new");
        boardAfter("UPDATE leaderboard SET name = 'old'; DELETE FROM leaderboard WHERE messages > 50000");

        Random random = new Random(SEED);
        int olds = 0;
        for (int crash = 1; crash <= CRASHES; crash++) {
            Process program = restore(log);
            // One after another third of the time that it takes, so that no part of it is spared.
            TimeUnit.MILLISECONDS.sleep(whole * (crash % 4) / 4 + random.nextLong(whole / 4 + 1));
            program.destroyForcibly().waitFor();
            String board = boardAfter("SELECT 1");
            assertThat(board).as("crash " + crash + ", seed " + SEED).isIn(old, "100000 new");
            olds += board.equals(old) ? 1 : 0;
            assertThat(folder.resolve("data/postgres-restoring")).doesNotExist();
            boardAfter("UPDATE leaderboard SET name = 'old'; DELETE FROM leaderboard WHERE messages > 50000");
        }
        assertThat(olds).as("kills in the middle").isPositive();
        assertThat(restore(log).waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(boardAfter("SELECT 1")).isEqualTo("100000 new");
        assertThat(Files.readString(log)).doesNotContain("\tat ", "This is a fault in Bucket Brigade");
    }
}
