package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.runs.Publication.Load;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

/**
 * Brings the table leaderboard to a ranking: one row per author.
 *
 * <p>The ranking is copied into a staging table and the differences are merged. Readers see the old rows until the commit and
 * never wait, and the table itself stays, so views, grants and indexes on it do too.
 */
public final class LeaderboardTable {
    private static final String STAGE = """
            CREATE TEMPORARY TABLE leaderboard_staging (user_id text, messages bigint, name text) ON COMMIT DROP
            """;
    private static final String COPY = """
            COPY leaderboard_staging FROM STDIN (FORMAT csv, ENCODING 'UTF8', FORCE_NOT_NULL (user_id, name))
            """;
    private static final String DELETE = """
            DELETE FROM leaderboard l
            WHERE NOT EXISTS (SELECT FROM leaderboard_staging s WHERE s.user_id = l.user_id)
            """;
    private static final String UPSERT = """
            INSERT INTO leaderboard AS l (user_id, messages, name)
            SELECT user_id, messages, name FROM leaderboard_staging
            ON CONFLICT (user_id) DO UPDATE SET messages = excluded.messages, name = excluded.name
            WHERE (l.messages, l.name) IS DISTINCT FROM (excluded.messages, excluded.name)
            """;

    /** What writes the ranking, in the transaction that records the run. */
    public Load load(Ranking ranking) {
        return connection -> replace(connection, ranking);
    }

    private static void replace(Connection connection, Ranking ranking) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(STAGE);
            copy(connection, ranking);
            statement.execute("ANALYZE leaderboard_staging");
            statement.executeUpdate(DELETE);
            statement.executeUpdate(UPSERT);
        }
    }

    private static void copy(Connection connection, Ranking ranking) throws SQLException, IOException {
        try (PGCopyOutputStream out = new PGCopyOutputStream(connection.unwrap(PGConnection.class), COPY)) {
            StandingRows.write(ranking.standings(), out);
        }
    }
}
