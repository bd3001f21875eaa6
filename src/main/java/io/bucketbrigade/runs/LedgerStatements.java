package io.bucketbrigade.runs;

/**
 * The ledger's SQL. The time is the clock's, not now(): that is when the transaction began, and a claim that waited for
 * the run before it to end would be written down as begun while that one was alive.
 */
final class LedgerStatements {
    private LedgerStatements() {}

    static final String CLAIM = """
            WITH wanted (trigger, inputs, owner, lease, pipeline, task, fingerprint, only_if_new, location, generation, each_file) AS (
                VALUES (?, ?::jsonb, ?, ? * interval '1 second', ?, ?, ?, ?, ?, ?, ?)
            ), last AS (
                SELECT of_task.*
                FROM wanted w, unnest(ARRAY['succeeded', 'failed', 'skipped']) AS ended (state), LATERAL (
                    SELECT r.run_id, r.state, r.fingerprint, r.attempt, r.retry_at
                    FROM brigade.runs r
                    WHERE NOT w.each_file AND r.pipeline = w.pipeline AND r.task = w.task AND r.state = ended.state
                    ORDER BY r.run_id DESC
                    LIMIT 1) AS of_task
                UNION ALL
                SELECT of_file.*
                FROM wanted w, LATERAL (
                    SELECT r.run_id, r.state, r.fingerprint, r.attempt, r.retry_at
                    FROM brigade.runs r
                    WHERE w.each_file AND r.pipeline = w.pipeline AND r.task = w.task AND r.fingerprint = w.fingerprint
                      AND r.state IN ('succeeded', 'failed', 'skipped')
                    ORDER BY r.run_id DESC
                    LIMIT 1) AS of_file
                ORDER BY run_id DESC
                LIMIT 1
            )
            INSERT INTO brigade.runs (pipeline, task, trigger, fingerprint, attempt, inputs, owner, started_at, lease_until)
            SELECT w.pipeline, w.task, w.trigger, w.fingerprint,
                   CASE WHEN l.state = 'failed' AND l.fingerprint = w.fingerprint THEN l.attempt + 1 ELSE 1 END,
                   w.inputs, w.owner, clock_timestamp(), clock_timestamp() + w.lease
            FROM wanted w LEFT JOIN last l ON true
            WHERE (NOT w.only_if_new
                   OR l.fingerprint IS DISTINCT FROM w.fingerprint
                   OR (l.state <> 'succeeded' AND l.retry_at <= clock_timestamp()))
              AND NOT EXISTS (SELECT FROM brigade.runs r WHERE r.pipeline = w.pipeline AND r.state = 'running')
              AND NOT EXISTS (SELECT FROM brigade.upload_batches b
                              WHERE b.location = w.location AND (b.state = 'committing' OR b.generation > w.generation))
            ON CONFLICT (pipeline) WHERE state = 'running' DO NOTHING
            RETURNING run_id, attempt
            """;

    /** For each of some fingerprints whether the last run of it leaves something to do. */
    static final String NEEDS = """
            SELECT CASE WHEN l.state IS NULL THEN 'NOW'
                        WHEN l.state = 'succeeded' THEN 'NONE'
                        WHEN l.retry_at <= clock_timestamp() THEN 'NOW'
                        WHEN l.retry_at IS NULL THEN 'WHEN_ASKED'
                        ELSE 'LATER' END
            FROM unnest(?::text[]) WITH ORDINALITY AS w (fingerprint, number)
            LEFT JOIN LATERAL (
                SELECT state, retry_at FROM brigade.runs
                WHERE pipeline = ? AND task = ? AND fingerprint = w.fingerprint AND state IN ('succeeded', 'failed')
                ORDER BY run_id DESC
                LIMIT 1
            ) AS l ON true
            ORDER BY w.number
            """;

    /** Generation and whether one is being put in place, of the batches of a location. */
    static final String BATCHES = """
            SELECT coalesce(max(generation), 0), coalesce(bool_or(state = 'committing'), false)
            FROM brigade.upload_batches WHERE location = ?
            """;

    /**
     * How many runs of a task succeeded since a moment that are of the same kind as the run with a number: of inputs that came, or
     * of those that the success before them had read already. The kinds don't count together, because a chmod, or a backup that
     * sets hard links, changes a file's change time and nothing else, and must not use up what the day's delivery waits for.
     */
    static final String SUCCESSES_LIKE_THIS_SINCE = """
            WITH kinds AS (
                SELECT run.run_id, run.state,
                       (SELECT jsonb_agg(input - 'changed') FROM jsonb_array_elements(run.inputs) AS input)
                       IS DISTINCT FROM
                       (SELECT jsonb_agg(input - 'changed') FROM jsonb_array_elements(before.inputs) AS input) AS came
                FROM (SELECT run_id, pipeline, task, state, inputs FROM brigade.runs WHERE run_id = ?
                      UNION ALL
                      SELECT run_id, pipeline, task, state, inputs FROM brigade.runs
                      WHERE pipeline = ? AND task = ? AND state = 'succeeded' AND finished_at >= ?) AS run
                LEFT JOIN LATERAL (SELECT inputs FROM brigade.runs
                                   WHERE pipeline = run.pipeline AND task = run.task
                                     AND state = 'succeeded' AND run_id < run.run_id
                                   ORDER BY run_id DESC LIMIT 1) AS before ON true)
            SELECT count(*) FROM kinds
            WHERE state = 'succeeded' AND came = (SELECT came FROM kinds WHERE run_id = ?)
            """;

    static final String SKIP = """
            UPDATE brigade.runs
            SET state = 'skipped', finished_at = clock_timestamp(), error = ?, retry_at = ?
            WHERE run_id = ?
            """;

    static final String LAST_SUCCESSES = """
            SELECT t.pipeline, max(finished_at)
            FROM brigade.tasks t, LATERAL (
                SELECT finished_at FROM brigade.runs r
                WHERE r.pipeline = t.pipeline AND r.task = t.task AND state = 'succeeded'
                ORDER BY run_id DESC
                LIMIT 1) AS last
            WHERE t.pipeline = ANY (?)
            GROUP BY t.pipeline
            """;

    static final String RUNNING = """
            SELECT pipeline, extract(epoch FROM clock_timestamp() - started_at) FROM brigade.runs WHERE state = 'running'
            """;

    static final String BUSY = """
            SELECT EXISTS (SELECT FROM brigade.runs WHERE pipeline = ? AND state = 'running')
            """;

    /** Why a run was taken over. */
    static final String STOPPED_ANSWERING = "The process that ran it stopped answering.";

    static final String RELEASE_EXPIRED = """
            UPDATE brigade.runs
            SET state = 'released', finished_at = clock_timestamp(),
                error = '%s'
            WHERE pipeline = ? AND state = 'running' AND lease_until < clock_timestamp()
            RETURNING run_id, pipeline, task, error
            """.formatted(STOPPED_ANSWERING);

    static final String IS_OURS = """
            SELECT FROM brigade.runs WHERE run_id = ? AND owner = ? AND state = 'running'
            """;

    static final String END = """
            UPDATE brigade.runs
            SET state = ?, finished_at = clock_timestamp(), error = ?, outputs = ?::jsonb,
                rows_read = ?, rows_counted = ?, rows_rejected = ?, notes = ?::jsonb
            WHERE run_id = ? AND owner = ? AND state = 'running'
            """;

    static final String FAIL = """
            UPDATE brigade.runs
            SET state = 'failed', finished_at = clock_timestamp(), error = ?,
                retry_at = clock_timestamp() + ? * interval '1 second'
            WHERE run_id = ? AND owner = ? AND state = 'running'
            """;

    static final String RELEASE_ONE = """
            UPDATE brigade.runs SET state = 'released', finished_at = clock_timestamp(), error = ?
            WHERE run_id = ? AND owner = ? AND state = 'running'
            RETURNING run_id, pipeline, task, error
            """;

    static final String RELEASE_OWN = """
            UPDATE brigade.runs
            SET state = 'released', finished_at = clock_timestamp(),
                error = 'The service was stopped before it was done.'
            WHERE owner = ? AND state = 'running'
            RETURNING run_id, pipeline, task, error
            """;

    static final String RELEASE_ORPHANS = """
            UPDATE brigade.runs
            SET state = 'released', finished_at = clock_timestamp(),
                error = 'The process that ran it died.'
            WHERE state = 'running'
            RETURNING run_id, pipeline, task, error
            """;

    /** A run that has succeeded stays alive until its files are in place. */
    static final String RENEW = """
            UPDATE brigade.runs r
            SET lease_until = clock_timestamp() + ? * interval '1 second', bytes_read = alive.bytes_read
            FROM unnest(?::bigint[], ?::bigint[]) AS alive (run_id, bytes_read)
            WHERE r.run_id = alive.run_id AND owner = ? AND state IN ('running', 'succeeded')
            """;
}
