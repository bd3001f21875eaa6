package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.database.Copy;
import io.bucketbrigade.database.TableSql;
import io.bucketbrigade.runs.Transaction.Step;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Brings the table leaderboard to a ranking: one row per author.
 *
 * <p>The table is read and only what differs is written, because a row that stays costs a tenth of one that is written.
 * Readers see the old rows until the commit and never wait, and the table itself stays, so views, grants and indexes on it do
 * too. Writers wait: what was read must still be so when the differences are applied.
 */
public final class LeaderboardTable {
    private static final String STAGE =
            "CREATE TEMPORARY TABLE leaderboard_staging (user_id text, messages bigint, name text) ON COMMIT DROP";
    private static final String COPY_STAGE =
            "COPY leaderboard_staging FROM STDIN (FORMAT csv, ENCODING 'UTF8', FORCE_NOT_NULL (user_id, name))";

    private final String table;

    /** @param schema the schema it is in */
    public LeaderboardTable(String schema) {
        this.table = TableSql.qualified(schema, "leaderboard");
    }

    /** What writes the ranking, in the transaction that records the run. */
    public Step load(Ranking ranking) {
        return connection -> replace(connection, ranking.standings());
    }

    private void replace(Connection connection, List<Standing> standings) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + table + " IN SHARE ROW EXCLUSIVE MODE");
            TableDifference difference = TableDifference.between(connection, table, standings);
            // While PostgreSQL takes the rows in.
            CompletableFuture<Optional<byte[]>> changes = CompletableFuture.supplyAsync(difference::changes);
            if (difference.isMostOfTheTable()) {
                statement.executeUpdate("DELETE FROM " + table);
                Copy.into(connection, copy(), difference::writeAll);
            } else {
                if (difference.touchesOldRows()) {
                    statement.execute(STAGE);
                    Copy.into(connection, COPY_STAGE, difference::writeGoneAndChanged);
                    statement.execute("ANALYZE leaderboard_staging");
                    statement.executeUpdate("DELETE FROM " + table
                            + " l USING leaderboard_staging s WHERE s.messages IS NULL AND l.user_id = s.user_id");
                    statement.executeUpdate(
                            "UPDATE " + table
                                    + " l SET messages = s.messages, name = s.name FROM leaderboard_staging s WHERE s.messages IS NOT NULL AND l.user_id = s.user_id");
                }
                Copy.into(connection, copy(), difference::writeNew);
            }
            keepChanges(connection, changes.join());
        }
    }

    private String copy() {
        return "COPY " + table + " (user_id, messages, name) FROM STDIN"
                + " (FORMAT csv, ENCODING 'UTF8', FORCE_NOT_NULL (user_id, name))";
    }

    private static void keepChanges(Connection connection, Optional<byte[]> changes) throws SQLException {
        try (Statement delete = connection.createStatement()) {
            delete.executeUpdate("DELETE FROM brigade.leaderboard_before");
        }
        if (changes.isPresent()) {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO brigade.leaderboard_before (differences) VALUES (?)")) {
                insert.setBytes(1, changes.get());
                insert.executeUpdate();
            }
        }
    }
}
