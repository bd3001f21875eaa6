-- One row per stream: what its log in this database is known by, so that a client that keeps how far it has come notices another one.
-- rebuilt_at: since when the log has rows of an archive whose idempotency keys it does not know; null if it has none.
CREATE TABLE brigade.stream_logs (
    stream     text        PRIMARY KEY,
    id         uuid        NOT NULL DEFAULT gen_random_uuid(),
    made_at    timestamptz NOT NULL DEFAULT now(),
    rebuilt_at timestamptz
);

-- Where a log was rebuilt before, brigade.stream_sources says so.
INSERT INTO brigade.stream_logs (stream, rebuilt_at)
SELECT stream, (SELECT s.read_at FROM brigade.stream_sources AS s WHERE s.stream = p.stream AND s.source = 'archive')
FROM brigade.stream_partitions AS p
GROUP BY stream;

-- Makes what a stream needs, if it isn't there: its log, what that is known by, and its partitions.
CREATE OR REPLACE FUNCTION brigade.create_stream(name text, partitions integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('brigade.stream ' || name));
    EXECUTE format('CREATE TABLE IF NOT EXISTS brigade.%I (
            partition smallint    NOT NULL,
            position  bigint      NOT NULL,
            arrived   timestamptz NOT NULL,
            row       json        NOT NULL,
            PRIMARY KEY (partition, position, arrived)
        ) PARTITION BY RANGE (arrived)', 'stream_' || name);
    INSERT INTO brigade.stream_logs (stream) VALUES (name) ON CONFLICT DO NOTHING;
    INSERT INTO brigade.stream_partitions (stream, partition)
    SELECT name, number FROM generate_series(0, partitions - 1) AS number
    ON CONFLICT DO NOTHING;
END $$;
