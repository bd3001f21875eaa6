CREATE SCHEMA IF NOT EXISTS brigade;

-- One row per run of a pipeline. "given back" is a run that was stopped or whose process died; its work is done by another.
CREATE TABLE brigade.runs (
    run_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pipeline      text        NOT NULL,
    task          text        NOT NULL,
    trigger       text        NOT NULL,
    state         text        NOT NULL DEFAULT 'running'
                  CHECK (state IN ('running', 'succeeded', 'failed', 'given back')),
    fingerprint   text        NOT NULL,
    attempt       integer     NOT NULL DEFAULT 1,
    inputs        jsonb       NOT NULL,
    outputs       jsonb       NOT NULL DEFAULT '[]',
    rows_read     bigint,
    rows_counted  bigint,
    rows_rejected bigint,
    notes         jsonb       NOT NULL DEFAULT '{}',
    error         text,
    retry_at      timestamptz,
    started_at    timestamptz NOT NULL DEFAULT now(),
    finished_at   timestamptz,
    owner         text        NOT NULL,
    lease_until   timestamptz NOT NULL,
    CONSTRAINT accounts_balance CHECK (state <> 'succeeded' OR rows_read = rows_counted + rows_rejected),
    CONSTRAINT failures_say_why CHECK (state <> 'failed' OR error IS NOT NULL)
);

-- At most one run of a pipeline is alive at a time, whoever claims it.
CREATE UNIQUE INDEX runs_one_alive ON brigade.runs (pipeline) WHERE state = 'running';

CREATE INDEX runs_by_task ON brigade.runs (pipeline, task, run_id);

CREATE INDEX runs_succeeded ON brigade.runs (pipeline, run_id) WHERE state = 'succeeded';

-- A run as GET /runs shows it.
CREATE VIEW brigade.runs_as_json AS
SELECT run_id,
       json_build_object(
           'id', run_id,
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
           'rows_read', rows_read,
           'rows_counted', rows_counted,
           'rows_rejected', rows_rejected,
           'unknown_authors', (notes ->> 'unknown_authors')::bigint,
           'notes', notes,
           'error', error,
           'retry_at', to_char(retry_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
       ) AS run
FROM brigade.runs;
