package io.bucketbrigade.batches;

/** The SQL of batches. The time is the clock's, not now(), which is when the transaction began. */
final class BatchStatements {
    private BatchStatements() {}

    static final String BEGIN = """
            INSERT INTO brigade.upload_batches (batch_id, pipeline, location, files, expires_at)
            SELECT ?, ?, ?, ?, clock_timestamp() + ? * interval '1 second'
            WHERE (SELECT count(DISTINCT batch_id) FROM brigade.upload_batches JOIN brigade.staged_files USING (batch_id)
                   WHERE location = ? AND upload_batches.state = 'open') < ?
            """;

    static final String COLUMNS = """
            b.batch_id, b.pipeline, b.location, b.files, b.state, b.expires_at, b.expires_at <= clock_timestamp(),
            b.state = 'committing' AND b.lease_until > clock_timestamp(), b.placed::text, coalesce(b.error, ''),
            b.ended_at IS NOT NULL AND b.ended_at < clock_timestamp() - interval '1 day'
            """;

    static final String FIND = "SELECT " + COLUMNS + "FROM brigade.upload_batches b WHERE batch_id = ?";

    static final String LOCK = FIND + " FOR UPDATE";

    static final String EXTEND = """
            UPDATE brigade.upload_batches SET expires_at = clock_timestamp() + ? * interval '1 second'
            WHERE batch_id = ? AND state = 'open' AND expires_at > clock_timestamp()
            """;

    static final String BEGIN_FILE = """
            INSERT INTO brigade.staged_files (batch_id, file, ticket) VALUES (?, ?, ?) RETURNING staged_id
            """;

    static final String SUPERSEDE = """
            UPDATE brigade.staged_files SET state = 'superseded' WHERE batch_id = ? AND file = ? AND state = 'whole'
            """;

    static final String FINISH_FILE = """
            UPDATE brigade.staged_files SET state = 'whole', ticket = ?, bytes = ? WHERE staged_id = ?
            """;

    static final String FORGET_FILE = "DELETE FROM brigade.staged_files WHERE staged_id = ?";

    private static final String STAGED = "SELECT " + COLUMNS + """
            , f.staged_id, f.file, f.ticket
            FROM brigade.staged_files f JOIN brigade.upload_batches b USING (batch_id)
            """;

    static final String WHOLE_FILES = STAGED + "WHERE b.batch_id = ? AND f.state = 'whole' ORDER BY f.staged_id";

    static final String UNWANTED_FILES =
            STAGED + "WHERE f.state = 'superseded' OR b.state IN ('committed', 'dropped', 'failed')";

    /** Nobody is at work in the location, and nobody else on the batch. */
    static final String COMMIT = """
            UPDATE brigade.upload_batches b
            SET state = 'committing', owner = ?, lease_until = clock_timestamp() + ? * interval '1 second',
                generation = nextval('brigade.upload_generations')
            WHERE batch_id = ?
              AND (state = 'open' OR (state = 'committing' AND lease_until <= clock_timestamp()))
              AND NOT EXISTS (SELECT FROM brigade.upload_batches o
                              WHERE o.location = b.location AND o.state = 'committing' AND o.batch_id <> b.batch_id)
            """;

    static final String COMMITTED = """
            UPDATE brigade.upload_batches
            SET state = 'committed', ended_at = clock_timestamp(), placed = ?::jsonb, error = NULL,
                last_run = (SELECT coalesce(max(run_id), 0) FROM brigade.runs),
                generation = nextval('brigade.upload_generations')
            WHERE batch_id = ? AND owner = ? AND state = 'committing'
            """;

    static final String FORGET_PLACED = """
            DELETE FROM brigade.staged_files WHERE batch_id = ? AND state = 'whole'
            """;

    static final String FAILED = """
            UPDATE brigade.upload_batches
            SET state = 'failed', ended_at = clock_timestamp(), error = ?, generation = nextval('brigade.upload_generations')
            WHERE batch_id = ? AND state = 'committing' AND (owner = ? OR lease_until <= clock_timestamp())
            """;

    static final String RELEASE = """
            UPDATE brigade.upload_batches SET lease_until = clock_timestamp(), error = ?
            WHERE batch_id = ? AND owner = ? AND state = 'committing'
            """;

    static final String RENEW = """
            UPDATE brigade.upload_batches SET lease_until = clock_timestamp() + ? * interval '1 second'
            WHERE batch_id = ANY (?) AND owner = ? AND state = 'committing'
            """;

    static final String DROP = """
            UPDATE brigade.upload_batches SET state = 'dropped', ended_at = clock_timestamp(), error = ?
            WHERE batch_id = ? AND state = 'open'
            """;

    static final String DROP_EXPIRED = """
            UPDATE brigade.upload_batches
            SET state = 'dropped', ended_at = clock_timestamp(),
                error = 'Batch ' || batch_id || ' has expired. Begin a new one and send its files.'
            WHERE state = 'open' AND expires_at <= clock_timestamp()
            """;

    static final String ABANDONED = "SELECT " + COLUMNS + """
            FROM brigade.upload_batches b
            WHERE state = 'committing' AND lease_until <= clock_timestamp()
            """;

    static final String FORGET_OLD = """
            DELETE FROM brigade.upload_batches b
            WHERE ended_at < clock_timestamp() - interval '7 days'
              AND NOT EXISTS (SELECT FROM brigade.staged_files f WHERE f.batch_id = b.batch_id)
            """;

    /** The latest run that read all that the batch put in place, as JSON. */
    static final String RUN = """
            SELECT j.run::text
            FROM brigade.upload_batches b
            JOIN brigade.runs r ON r.run_id > b.last_run AND r.pipeline = b.pipeline AND r.inputs @> b.placed
            JOIN brigade.runs_as_json j ON j.run_id = r.run_id
            WHERE b.batch_id = ? AND b.state = 'committed'
            ORDER BY r.run_id DESC
            LIMIT 1
            """;
}
