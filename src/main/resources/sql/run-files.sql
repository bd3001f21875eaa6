-- The outcome of each file of a run, as JSON, in the order in which the files were read. In: the run's number.
SELECT json_build_object('files', coalesce(json_agg(json_build_object(
           'file', file, 'rows', rows, 'rejected', rejected, 'skipped', left_out) ORDER BY number), '[]'))::text AS files
FROM brigade.run_files
WHERE run_id = :#${variable.runId}
