package io.bucketbrigade.runs;

/** The ledger's SQL. */
final class LedgerStatements {
    private LedgerStatements() {}

    static final String CLAIM = """
            WITH wanted (trigger, inputs, owner, lease, pipeline, task, fingerprint, only_if_new) AS (
                VALUES (?, ?::jsonb, ?, ? * interval '1 second', ?, ?, ?, ?)
            ), last AS (
                SELECT r.state, r.fingerprint, r.attempt, r.retry_at
                FROM brigade.runs r JOIN wanted w USING (pipeline, task)
                WHERE r.state IN ('succeeded', 'failed')
                ORDER BY r.run_id DESC
                LIMIT 1
            )
            INSERT INTO brigade.runs (pipeline, task, trigger, fingerprint, attempt, inputs, owner, lease_until)
            SELECT w.pipeline, w.task, w.trigger, w.fingerprint,
                   CASE WHEN l.state = 'failed' AND l.fingerprint = w.fingerprint THEN l.attempt + 1 ELSE 1 END,
                   w.inputs, w.owner, now() + w.lease
            FROM wanted w LEFT JOIN last l ON true
            WHERE (NOT w.only_if_new
                   OR l.fingerprint IS DISTINCT FROM w.fingerprint
                   OR (l.state = 'failed' AND l.retry_at <= now()))
              AND NOT EXISTS (SELECT FROM brigade.runs r WHERE r.pipeline = w.pipeline AND r.state = 'running')
            ON CONFLICT (pipeline) WHERE state = 'running' DO NOTHING
            RETURNING run_id, attempt
            """;

    static final String LAST_SUCCESSES = """
            SELECT pipeline, max(finished_at) FROM brigade.runs WHERE state = 'succeeded' GROUP BY pipeline
            """;

    static final String BUSY = """
            SELECT EXISTS (SELECT FROM brigade.runs WHERE pipeline = ? AND state = 'running')
            """;

    static final String GIVE_BACK_EXPIRED = """
            UPDATE brigade.runs
            SET state = 'given back', finished_at = now(), error = 'The process that ran it stopped answering.'
            WHERE pipeline = ? AND state = 'running' AND lease_until < now()
            """;

    static final String SUCCEED = """
            UPDATE brigade.runs
            SET state = 'succeeded', finished_at = clock_timestamp(), outputs = ?::jsonb,
                rows_read = ?, rows_counted = ?, rows_rejected = ?, notes = ?::jsonb
            WHERE run_id = ? AND owner = ? AND state = 'running'
            """;

    static final String FAIL = """
            UPDATE brigade.runs
            SET state = 'failed', finished_at = now(), error = ?, retry_at = now() + ? * interval '1 second'
            WHERE run_id = ? AND owner = ? AND state = 'running'
            """;

    static final String GIVE_BACK_ONE = """
            UPDATE brigade.runs SET state = 'given back', finished_at = now(), error = ?
            WHERE run_id = ? AND owner = ? AND state = 'running'
            """;

    static final String GIVE_BACK_OWN = """
            UPDATE brigade.runs
            SET state = 'given back', finished_at = now(), error = 'The service was stopped before it was done.'
            WHERE owner = ? AND state = 'running'
            """;

    static final String GIVE_BACK_ORPHANS = """
            UPDATE brigade.runs
            SET state = 'given back', finished_at = now(), error = 'The process that ran it died.'
            WHERE state = 'running'
            """;

    static final String RENEW = """
            UPDATE brigade.runs SET lease_until = now() + ? * interval '1 second'
            WHERE run_id = ANY (?) AND owner = ? AND state = 'running'
            """;
}
