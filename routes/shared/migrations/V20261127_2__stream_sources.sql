-- One row per shard of a buffer in front of a stream's log (a partition of a Kafka topic, a shard of a Kinesis stream): how far it was read into
-- the log. The position is changed in the transaction that stores the rows, and only by who knows the one before, so each row is stored once.
-- The lease keeps processes from reading the same shard in vain. After a rebuild there is a row with the source archive.
CREATE TABLE brigade.stream_sources (
    stream       text        NOT NULL,
    source       text        NOT NULL,
    shard        text        NOT NULL,
    parents      text[]      NOT NULL DEFAULT '{}',
    position     text        NOT NULL DEFAULT '',
    ended        boolean     NOT NULL DEFAULT false,
    waiting      bigint      NOT NULL DEFAULT 0,
    read_until   timestamptz NOT NULL DEFAULT now(),
    read_at      timestamptz NOT NULL DEFAULT now(),
    lost         text,
    owner        text,
    leased_until timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (stream, source, shard)
) WITH (fillfactor = 10);

-- Gives the shards that a process is to read, its fair share of those that may be read: the parents of a shard come before it. A process that
-- has too few takes what is free, and otherwise one per call from who has most.
CREATE FUNCTION brigade.lease_sources(name text, buffer text, process text, span interval)
RETURNS TABLE (leased_shard text, leased_position text, leased_read_until timestamptz) LANGUAGE plpgsql AS $$
DECLARE
    now_at    timestamptz := clock_timestamp();
    readable  text[];
    processes integer;
    mine      integer;
    missing   integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('brigade.sources ' || name || ' ' || buffer));
    SELECT coalesce(array_agg(s.shard), '{}'),
           1 + count(DISTINCT s.owner) FILTER (WHERE s.owner <> process AND s.leased_until > now_at),
           count(*) FILTER (WHERE s.owner = process AND s.leased_until > now_at)
    INTO readable, processes, mine
    FROM brigade.stream_sources s
    WHERE s.stream = name AND s.source = buffer AND NOT s.ended
      AND NOT EXISTS (
          SELECT FROM brigade.stream_sources p
          WHERE p.stream = name AND p.source = buffer AND p.shard = ANY (s.parents) AND NOT p.ended);
    missing := ceil(cardinality(readable)::numeric / processes) - mine;
    UPDATE brigade.stream_sources s
    SET owner = process, leased_until = now_at + span
    WHERE s.stream = name AND s.source = buffer
      AND (s.shard = ANY (readable) AND s.owner = process AND s.leased_until > now_at
           OR s.shard IN (
               SELECT f.shard FROM brigade.stream_sources f
               WHERE f.stream = name AND f.source = buffer AND f.shard = ANY (readable) AND f.leased_until <= now_at
               ORDER BY f.shard
               LIMIT greatest(missing, 0)));
    SELECT count(*) INTO mine
    FROM brigade.stream_sources s
    WHERE s.stream = name AND s.source = buffer AND s.shard = ANY (readable) AND s.owner = process AND s.leased_until > now_at;
    UPDATE brigade.stream_sources s
    SET owner = process, leased_until = now_at + span
    WHERE s.stream = name AND s.source = buffer AND s.shard = (
        SELECT min(o.shard) FROM brigade.stream_sources o
        WHERE o.stream = name AND o.source = buffer AND o.shard = ANY (readable) AND o.owner <> process
        GROUP BY o.owner
        HAVING count(*) > mine + 1
        ORDER BY count(*) DESC
        LIMIT 1);
    RETURN QUERY
        SELECT s.shard, s.position, s.read_until FROM brigade.stream_sources s
        WHERE s.stream = name AND s.source = buffer AND s.shard = ANY (readable) AND s.owner = process
          AND s.leased_until > now_at
        ORDER BY s.shard;
END $$;
