-- GET /runs filters by both.
DROP VIEW brigade.runs_as_json;

CREATE VIEW brigade.runs_as_json AS
SELECT run_id,
       pipeline,
       state,
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
