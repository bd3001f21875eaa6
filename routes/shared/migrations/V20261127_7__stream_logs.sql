-- One row per stream: what its log in this database is known by, so that a client that keeps how far it has come notices another one.
CREATE TABLE brigade.stream_logs (
    stream  text        PRIMARY KEY,
    id      uuid        NOT NULL DEFAULT gen_random_uuid(),
    made_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO brigade.stream_logs (stream) SELECT DISTINCT stream FROM brigade.stream_partitions;
