-- A run that was not begun because there had been enough of them that day; retry_at is when it will be.
ALTER TABLE brigade.runs DROP CONSTRAINT runs_state_check;
ALTER TABLE brigade.runs ADD CONSTRAINT runs_state_check
    CHECK (state IN ('running', 'succeeded', 'failed', 'given back', 'skipped'));

-- What became of each file of a run that reads many, in the order in which they were to be read. A file without a reason was
-- taken. Kept for those runs of a pipeline that came last.
CREATE TABLE brigade.run_files (
    run_id   bigint  NOT NULL REFERENCES brigade.runs ON DELETE CASCADE,
    number   integer NOT NULL,
    file     text    NOT NULL,
    rows     bigint  NOT NULL,
    rejected bigint  NOT NULL,
    left_out text,
    PRIMARY KEY (run_id, number)
);

-- One row per letter: what is to be told about a run, by one of the ways to tell. Written in the transaction that ends the run.
CREATE TABLE brigade.outbox (
    letter_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id     bigint      NOT NULL REFERENCES brigade.runs ON DELETE CASCADE,
    way        text        NOT NULL,
    subject    text        NOT NULL,
    body       text        NOT NULL,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts   integer     NOT NULL DEFAULT 0,
    sent_at    timestamptz,
    error      text,
    UNIQUE (run_id, way)
);

CREATE INDEX outbox_due ON brigade.outbox (due_at) WHERE sent_at IS NULL;

CREATE OR REPLACE VIEW brigade.runs_as_json AS
SELECT r.run_id,
       json_build_object(
           'id', r.run_id,
           'pipeline', pipeline,
           'task', task,
           'trigger', trigger,
           'state', state,
           'attempt', attempt,
           'started_at', to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
           'finished_at', to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
           'seconds', round(extract(epoch FROM finished_at - started_at)::numeric, 3),
           'inputs', inputs,
           'fingerprint', fingerprint,
           'outputs', outputs,
           'bytes', bytes,
           'bytes_read', CASE WHEN state = 'succeeded' THEN bytes ELSE least(bytes_read, bytes) END,
           'rows_read', rows_read,
           'rows_counted', rows_counted,
           'rows_rejected', rows_rejected,
           'unknown_authors', (notes ->> 'unknown_authors')::bigint,
           'notes', notes,
           'rejected_kept', EXISTS (SELECT FROM brigade.rejected_rows x WHERE x.run_id = r.run_id),
           'files_kept', EXISTS (SELECT FROM brigade.run_files x WHERE x.run_id = r.run_id),
           'error', error,
           'retry_at', to_char(retry_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
       ) AS run
FROM brigade.runs r,
     LATERAL (SELECT coalesce(sum((input ->> 'size')::bigint), 0)::bigint AS bytes
              FROM jsonb_array_elements(inputs) AS input) AS whole;
