-- One row per partition of a stream: the position of its last row, and when that arrived. Whoever appends holds this row until the commit. So
-- in each partition rows become visible in the order of their positions, and no position is missing.
CREATE TABLE brigade.stream_partitions (
    stream    text        NOT NULL,
    partition smallint    NOT NULL,
    position  bigint      NOT NULL DEFAULT 0,
    arrived   timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (stream, partition)
) WITH (fillfactor = 10);

-- One row per part of a stream's log, the table brigade."stream_NAME". A part holds the rows that arrived from began_at until before ends_at,
-- and is dropped as a whole.
CREATE TABLE brigade.stream_segments (
    stream   text        NOT NULL,
    segment  text        NOT NULL,
    began_at timestamptz NOT NULL,
    ends_at  timestamptz NOT NULL,
    PRIMARY KEY (stream, ends_at)
);

-- One row per reader of a stream and partition: the position up to which it has dealt with the rows, changed in the transaction in which it
-- does so.
CREATE TABLE brigade.stream_readers (
    stream    text        NOT NULL,
    reader    text        NOT NULL,
    partition smallint    NOT NULL,
    position  bigint      NOT NULL DEFAULT 0,
    arrived   timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (stream, reader, partition)
) WITH (fillfactor = 10);

-- One row per idempotency key: the numbers of the rows that were stored under this key.
CREATE TABLE brigade.stream_keys (
    stream  text           NOT NULL,
    key     text           NOT NULL,
    stored  int8multirange NOT NULL,
    used_at timestamptz    NOT NULL,
    PRIMARY KEY (stream, key)
);

CREATE INDEX stream_keys_by_use ON brigade.stream_keys (used_at);

-- One row per row of a stream that can't be used: what was sent, and why. The stage is intake, or the reader that it made fail.
CREATE TABLE brigade.stream_rejected (
    rejected_id bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream      text        NOT NULL,
    stage       text        NOT NULL,
    key         text,
    number      bigint      NOT NULL,
    partition   smallint,
    arrived     timestamptz,
    field       text,
    reason      text        NOT NULL,
    row         text        NOT NULL,
    rejected_at timestamptz NOT NULL DEFAULT now()
);

-- A repeated request rejects nothing a second time.
CREATE UNIQUE INDEX stream_rejected_once ON brigade.stream_rejected (stream, key, number) WHERE stage = 'intake' AND key IS NOT NULL;

CREATE INDEX stream_rejected_latest ON brigade.stream_rejected (stream, rejected_id);

-- One row per file of a stream's archive: the partition and positions of its rows. It is written before the file, so that what a killed
-- process has not finished is written again with the same rows.
CREATE TABLE brigade.stream_archive (
    stream     text        NOT NULL,
    partition  smallint    NOT NULL,
    first      bigint      NOT NULL,
    last       bigint      NOT NULL,
    file       text        NOT NULL,
    begun_at   timestamptz NOT NULL DEFAULT now(),
    written_at timestamptz,
    PRIMARY KEY (stream, partition, first)
);

CREATE UNIQUE INDEX stream_archive_unwritten ON brigade.stream_archive (stream, partition) WHERE written_at IS NULL;

-- Makes what a stream needs, if it isn't there: its log and its partitions.
CREATE FUNCTION brigade.create_stream(name text, partitions integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('brigade.stream ' || name));
    EXECUTE format('CREATE TABLE IF NOT EXISTS brigade.%I (
            partition smallint    NOT NULL,
            position  bigint      NOT NULL,
            arrived   timestamptz NOT NULL,
            row       json        NOT NULL,
            PRIMARY KEY (partition, position, arrived)
        ) PARTITION BY RANGE (arrived)', 'stream_' || name);
    INSERT INTO brigade.stream_partitions (stream, partition)
    SELECT name, number FROM generate_series(0, partitions - 1) AS number
    ON CONFLICT DO NOTHING;
END $$;

-- Makes the segment of now and the next one, if they aren't there. A segment is made beside the log and then attached, because readers and
-- writers need not wait for that.
CREATE FUNCTION brigade.extend_stream(name text, span interval) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    begins  timestamptz;
    segment text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('brigade.stream ' || name));
    LOOP
        SELECT greatest(max(ends_at), date_bin(span, clock_timestamp(), '2001-01-01')) INTO begins
        FROM brigade.stream_segments WHERE stream = name;
        EXIT WHEN begins > clock_timestamp() + span;
        segment := 'stream_' || name || '_' || to_char(begins AT TIME ZONE 'UTC', 'YYYYMMDD_HH24MI');
        EXECUTE format('CREATE TABLE brigade.%I (LIKE brigade.%I INCLUDING ALL)', segment, 'stream_' || name);
        EXECUTE format('ALTER TABLE brigade.%I ATTACH PARTITION brigade.%I FOR VALUES FROM (%L) TO (%L)',
                       'stream_' || name, segment, begins, begins + span);
        INSERT INTO brigade.stream_segments VALUES (name, segment, begins, begins + span);
    END LOOP;
END $$;

-- Makes the segment of a day in the past, for rows that are put back, if it isn't there.
CREATE FUNCTION brigade.restore_segment(name text, arrived timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    begins  timestamptz;
    ends    timestamptz;
    segment text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('brigade.stream ' || name));
    IF EXISTS (SELECT FROM brigade.stream_segments WHERE stream = name AND began_at <= arrived AND ends_at > arrived) THEN
        RETURN;
    END IF;
    SELECT greatest(date_bin('1 day', arrived, '2001-01-01'), max(ends_at)) INTO begins
    FROM brigade.stream_segments WHERE stream = name AND ends_at <= arrived;
    SELECT least(date_bin('1 day', arrived, '2001-01-01') + interval '1 day', min(began_at)) INTO ends
    FROM brigade.stream_segments WHERE stream = name AND began_at > arrived;
    segment := 'stream_' || name || '_' || to_char(begins AT TIME ZONE 'UTC', 'YYYYMMDD_HH24MI') || '_restored';
    EXECUTE format('CREATE TABLE brigade.%I (LIKE brigade.%I INCLUDING ALL)', segment, 'stream_' || name);
    EXECUTE format('ALTER TABLE brigade.%I ATTACH PARTITION brigade.%I FOR VALUES FROM (%L) TO (%L)',
                   'stream_' || name, segment, begins, ends);
    INSERT INTO brigade.stream_segments VALUES (name, segment, begins, ends);
END $$;

-- Drops the segments whose rows are older than the retention and that all readers have dealt with. Gives how many.
CREATE FUNCTION brigade.shorten_stream(name text, retention interval) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    old     record;
    dropped integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('brigade.stream ' || name));
    FOR old IN
        SELECT s.segment
        FROM brigade.stream_segments s
        WHERE s.stream = name
          AND s.ends_at < clock_timestamp() - retention
          AND NOT EXISTS (
              SELECT FROM brigade.stream_readers r
              JOIN brigade.stream_partitions p USING (stream, partition)
              WHERE r.stream = name AND r.position < p.position AND r.arrived < s.ends_at)
        ORDER BY s.ends_at
    LOOP
        EXECUTE format('DROP TABLE brigade.%I', old.segment);
        DELETE FROM brigade.stream_segments WHERE stream = name AND segment = old.segment;
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;
