-- A run as GET /runs shows it. Neighbouring blocks are read a little over each other, so more can be read than there is.
-- LIMIT keeps PostgreSQL from reading the rows of all runs for the sake of one.
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
           'notes', notes,
           'steps', (SELECT json_agg(json_build_object('step', step, 'rows', rows, 'bytes_read', s.bytes_read, 'bytes_written', bytes_written,
                                                       'seconds', round(seconds::numeric, 3), 'memory_bytes', memory_bytes, 'spilled_bytes', spilled_bytes)
                                     ORDER BY number)
                     FROM brigade.run_steps s WHERE s.run_id = r.run_id),
           'rejected_kept', (SELECT true FROM brigade.rejected_rows x WHERE x.run_id = r.run_id LIMIT 1) IS NOT NULL,
           'files_kept', (SELECT true FROM brigade.run_files x WHERE x.run_id = r.run_id LIMIT 1) IS NOT NULL,
           'error', error,
           'retry_at', to_char(retry_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
       ) AS run
FROM brigade.runs r,
     LATERAL (SELECT coalesce(sum((input ->> 'size')::bigint), 0)::bigint AS bytes
              FROM jsonb_array_elements(inputs) AS input) AS whole;
