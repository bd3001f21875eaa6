package io.bucketbrigade.benchmarks;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.EmbeddedServer;
import io.bucketbrigade.pipelines.leaderboard.LeaderboardTable;
import io.bucketbrigade.pipelines.leaderboard.Ranking;
import io.bucketbrigade.pipelines.leaderboard.Standing;
import io.bucketbrigade.runs.RowCounts;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The table's load, a million rows, beside psql's copy of the same rows into an empty table. */
final class Table {
    private static final int ROWS = 1_000_000;

    private Table() {}

    static void measure(Report report, Path data) throws Exception {
        Path folder = data.resolve("table");
        Ours.remove(folder);
        Files.createDirectories(folder);
        List<Standing> first = standings(0, 0);
        List<Standing> others = standings(ROWS, 0);
        List<Standing> slightlyChanged = standings(0, 100);
        Path csv = folder.resolve("ranking.csv");
        try (BufferedWriter out = Files.newBufferedWriter(csv)) {
            for (Standing standing : first) {
                out.write(standing.userId() + "," + standing.messages() + "," + standing.name() + "\n");
            }
        }
        int port = Service.freePort();
        try (Database database = Database.embedded(new EmbeddedServer(folder.resolve("postgres"), port))) {
            database.migrate(null);
            execute(
                    database,
                    "CREATE TABLE plain (user_id text PRIMARY KEY, messages bigint NOT NULL, name text NOT NULL)");
            List<String> copy = List.of(
                    "psql",
                    "-q",
                    "-h",
                    "localhost",
                    "-p",
                    Integer.toString(port),
                    "-U",
                    "postgres",
                    "-v",
                    "ON_ERROR_STOP=1",
                    "-c",
                    "\\copy plain from '" + csv + "' (format csv)");
            Map<String, Figures> figures = new Alternating()
                    .measuring("psql \\copy into an empty table", 7, () -> {
                        execute(database, "TRUNCATE plain");
                        return seconds(() -> Processes.print(copy));
                    })
                    .measuring("all rows new, into an empty table", 7, () -> {
                        execute(database, "TRUNCATE leaderboard");
                        return seconds(() -> load(database, first));
                    })
                    .measuring("1 % of the rows changed", 7, () -> seconds(() -> load(database, slightlyChanged)))
                    .measuring("all rows replaced by others", 7, () -> {
                        double seconds = seconds(() -> load(database, others));
                        execute(database, "VACUUM ANALYZE leaderboard");
                        return seconds;
                    })
                    .run(1);
            report.section(
                    "The table's load, 1 000 000 rows in the order of the ranking",
                    "What | median s | least s | most s");
            figures.forEach((name, figure) -> report.line("| %s | %s |", name, figure.cells()));
            double yardstick = figures.get("psql \\copy into an empty table").median();
            report.line("");
            report.table("Target, × psql | value | | |");
            report.line(
                    "| all rows new, into an empty table | %s |",
                    Report.verdict(
                            figures.get("all rows new, into an empty table").median() / yardstick, 1.5));
            report.line(
                    "| all rows replaced by others | %s |",
                    Report.verdict(figures.get("all rows replaced by others").median() / yardstick, 1.5));
            report.line(
                    "| 1 %% of the rows changed | %s |",
                    Report.verdict(figures.get("1 % of the rows changed").median() / yardstick, 0.5));
        }
    }

    private static double seconds(Alternating.Task task) throws Exception {
        long start = System.nanoTime();
        task.run();
        return (System.nanoTime() - start) / 1e9;
    }

    /** In the order of a ranking; every n-th has one message more, if n is not 0. */
    private static List<Standing> standings(int firstId, int everyNth) {
        SplittableRandom random = new SplittableRandom(7);
        List<Standing> standings = new ArrayList<>(ROWS);
        for (int user = 1; user <= ROWS; user++) {
            int more = everyNth > 0 && user % everyNth == 0 ? 1 : 0;
            standings.add(new Standing(
                    Integer.toString(firstId + user), random.nextInt(5000) + more, "First" + user + " Last" + user));
        }
        standings.sort(java.util.Comparator.comparingLong(Standing::messages));
        return standings;
    }

    private static void load(Database database, List<Standing> standings) throws Exception {
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            new LeaderboardTable(database.schema())
                    .load(new Ranking("messages.csv", standings, new RowCounts(0, 0, 0, Map.of(), List.of())))
                    .in(connection);
            connection.commit();
        }
    }

    private static void execute(Database database, String sql) throws Exception {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
