-- What the rows of a log know a key by.
ALTER TABLE brigade.stream_keys ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY UNIQUE;

-- Whether the rows of an archive are being put back into the log, or that was interrupted. Their keys are known when all of them are there.
ALTER TABLE brigade.stream_logs ADD COLUMN restoring boolean NOT NULL DEFAULT false;

-- Each row of a log says under which key, and as which row of it, it was sent; null if it was sent without one. A key that is forgotten
-- leaves its id behind.
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT stream FROM brigade.stream_logs LOOP
        EXECUTE format('ALTER TABLE brigade.%I ADD COLUMN key_id bigint, ADD COLUMN number bigint', 'stream_' || name);
    END LOOP;
END $$;

-- Makes what a stream needs, if it isn't there: its log, what that is known by, and its partitions.
CREATE OR REPLACE FUNCTION brigade.create_stream(name text, partitions integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('brigade.stream ' || name));
    EXECUTE format('CREATE TABLE IF NOT EXISTS brigade.%I (
            partition smallint    NOT NULL,
            position  bigint      NOT NULL,
            arrived   timestamptz NOT NULL,
            row       json        NOT NULL,
            key_id    bigint,
            number    bigint,
            PRIMARY KEY (partition, position, arrived)
        ) PARTITION BY RANGE (arrived)', 'stream_' || name);
    INSERT INTO brigade.stream_logs (stream) VALUES (name) ON CONFLICT DO NOTHING;
    INSERT INTO brigade.stream_partitions (stream, partition)
    SELECT name, number FROM generate_series(0, partitions - 1) AS number
    ON CONFLICT DO NOTHING;
END $$;
