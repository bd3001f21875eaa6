package io.bucketbrigade.retention;

/** The SQL of what is no longer kept. */
final class RetentionStatements {
    private RetentionStatements() {}

    /** One process at a time, and only for one transaction, so a frozen one does not keep the others from it. */
    static final String LOCK = """
            SELECT set_config('lock_timeout', '2s', true), pg_try_advisory_xact_lock(hashtextextended('brigade.retention', 0))
            """;

    /**
     * Examines some runs, from the oldest to the newest, and removes those of them that are old and that nobody needs: gives the last one that was
     * examined, how many of them were old, and how many were removed.
     *
     * <p>A run of inputs that are read together stays if it is the last that decided what is new, or one of the last two successes, with which
     * today's are compared. Where each file is a run, the last one of each version of a file stays, so that it is not run again.
     */
    static final String RUNS = """
            WITH limits (after, number, until, unsent_until, together, used, unclear) AS (
                VALUES (?::bigint, ?::integer, ?::timestamptz, ?::timestamptz, ?::text[], ?::bigint[], ?::text[])
            ), examined AS (
                SELECT run_id, finished_at, until FROM limits, LATERAL (
                    SELECT run_id, finished_at FROM brigade.runs WHERE run_id > after ORDER BY run_id LIMIT number) AS batch
            ), removed AS (
                DELETE FROM brigade.runs r USING examined e, limits l
                WHERE r.run_id = e.run_id AND r.state <> 'running' AND r.finished_at <= l.until
                  AND r.run_id <> ALL (l.used)
                  AND replace(r.pipeline, '-', '_') <> ALL (l.unclear)
                  AND (r.state <> 'succeeded' OR 2 = (
                      SELECT count(*) FROM (
                          SELECT FROM brigade.runs n
                          WHERE n.pipeline = r.pipeline AND n.task = r.task AND n.state = 'succeeded' AND n.run_id > r.run_id
                          LIMIT 2) AS newer))
                  AND (r.state = 'released'
                      OR r.pipeline = ANY (l.together) AND EXISTS (
                          SELECT FROM unnest(ARRAY['succeeded', 'failed', 'skipped']) AS decided (state), LATERAL (
                              SELECT FROM brigade.runs n
                              WHERE n.pipeline = r.pipeline AND n.task = r.task AND n.state = decided.state AND n.run_id > r.run_id
                              LIMIT 1) AS newer)
                      OR EXISTS (
                          SELECT FROM brigade.runs n
                          WHERE n.pipeline = r.pipeline AND n.task = r.task AND n.fingerprint = r.fingerprint
                            AND n.state IN ('succeeded', 'failed', 'skipped') AND n.run_id > r.run_id
                            AND r.pipeline <> ALL (l.together)))
                  AND NOT EXISTS (SELECT FROM brigade.unfinished_files f WHERE f.run_id = r.run_id)
                  AND NOT EXISTS (SELECT FROM brigade.loaded_files f WHERE f.run_id = r.run_id)
                  AND NOT EXISTS (SELECT FROM brigade.outbox o
                                  WHERE o.run_id = r.run_id AND o.sent_at IS NULL AND o.written_at > l.unsent_until)
                RETURNING r.run_id
            )
            SELECT max(run_id), count(*) FILTER (WHERE finished_at <= until), (SELECT count(*) FROM removed) FROM examined
            """;

    /** Removes some notifications that were sent long ago. */
    static final String NOTIFICATIONS = """
            DELETE FROM brigade.outbox WHERE letter_id IN (
                SELECT letter_id FROM brigade.outbox WHERE sent_at <= ? ORDER BY sent_at LIMIT ? FOR UPDATE SKIP LOCKED)
            """;
}
