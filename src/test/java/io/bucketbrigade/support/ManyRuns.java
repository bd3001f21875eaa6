package io.bucketbrigade.support;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * A ledger of very many runs of all pipelines, evenly over three years, with what belongs to them. One in ten has a notification that waits for a
 * channel that nobody has set up.
 */
public final class ManyRuns {
    private static final List<String> FILL = List.of("""
            INSERT INTO brigade.runs (pipeline, task, trigger, state, fingerprint, attempt, inputs, outputs, rows_read, rows_counted, rows_rejected,
                                      notes, error, started_at, finished_at, owner, lease_until, bytes_read)
            SELECT pipeline, task, 'timer', state, md5(CASE WHEN task = 'load' THEN n ELSE n / 3 END::text), 1,
                   jsonb_build_array(jsonb_build_object('name', 'a', 'path', '/raw/' || n || '.csv', 'size', n, 'changed', started_at)),
                   '["the table"]', counted + 2, counted, 2, '{"unknown_authors": 3}',
                   CASE WHEN state <> 'succeeded' THEN 'No column ' || n %% 7 END,
                   started_at, started_at + interval '3 s', 'a process', started_at, n
            FROM (SELECT n, 100 AS counted,
                         (ARRAY['leaderboard', 'orders', 'stocks', 'transactions', 'city-requests'])[1 + n %% 5] AS pipeline,
                         (ARRAY['rank', 'analyse', 'collate', 'load', 'refine'])[1 + n %% 5] AS task,
                         CASE WHEN n %% 40 = 7 THEN 'failed' WHEN n %% 200 = 11 THEN 'released' ELSE 'succeeded' END AS state,
                         now() - interval '3 years' + n * (interval '3 years' / %1$d) - interval '1 minute' AS started_at
                  FROM generate_series(1, %1$d) AS n) AS r
            """, """
            INSERT INTO brigade.outbox (run_id, way, subject, body, written_at, due_at, attempts, sent_at)
            SELECT run_id, CASE WHEN run_id %% 10 = 0 THEN 'sns' ELSE 'mail' END, 'Success', 'Run ' || run_id || ' succeeded.',
                   finished_at, finished_at, 1, CASE WHEN run_id %% 10 <> 0 THEN finished_at END
            FROM brigade.runs
            """, """
            INSERT INTO brigade.run_steps
            SELECT run_id, number, 'step ' || number, 10, 10, 10, 0.1, 10, 0 FROM brigade.runs, generate_series(1, 2) AS number
            WHERE pipeline = 'city-requests'
            """, """
            WITH last AS (
                SELECT * FROM (SELECT run_id, pipeline, row_number() OVER (PARTITION BY pipeline ORDER BY run_id DESC) AS age FROM brigade.runs) AS aged
                WHERE age <= 100
            ), files AS (
                INSERT INTO brigade.run_files (run_id, number, file, rows, rejected)
                SELECT run_id, number, 'file ' || number, 10, 0 FROM last, generate_series(1, 5) AS number WHERE pipeline = 'stocks'
            ), verdicts AS (
                INSERT INTO brigade.quality_verdicts
                SELECT run_id, 'silver', 'rule ' || number, number, 'warn', true, 1, '1', '[]' FROM last, generate_series(1, 5) AS number
                WHERE pipeline = 'city-requests'
            )
            INSERT INTO brigade.rejected_rows (run_id, number, file, line, reason, row)
            SELECT run_id, number, 'file', number, 'reason', 'a,b' FROM last, generate_series(1, 5) AS number
            """, "VACUUM ANALYZE");

    private ManyRuns() {}

    /** Fills the ledger of a database in which nothing has run. */
    public static void fill(Connection connection, int runs) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : FILL) {
                statement.execute(each.formatted(runs));
            }
        }
    }

    /**
     * How many rows of a table the database has read since it was made, by itself or by an index of it, in sessions that have ended.
     *
     * @param table with its schema
     */
    public static Read read(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_stat_clear_snapshot()");
            try (ResultSet row = statement.executeQuery("SELECT seq_tup_read,"
                    + " (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes i WHERE i.relid = t.relid)"
                    + " FROM pg_stat_user_tables t WHERE relid = '" + table + "'::regclass")) {
                row.next();
                return new Read(row.getLong(1), row.getLong(2));
            }
        }
    }

    /**
     * Rows that were read.
     *
     * @param inScans while all rows of a table were read one after the other
     * @param byIndexes entries of indexes
     */
    public record Read(long inScans, long byIndexes) {
        /** How many more than before. */
        public Read since(Read before) {
            return new Read(inScans - before.inScans, byIndexes - before.byIndexes);
        }
    }
}
