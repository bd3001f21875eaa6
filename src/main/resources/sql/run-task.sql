-- What a run did, and the path of its first input. In: its number.
SELECT pipeline, task, coalesce(inputs -> 0 ->> 'path', '') AS path FROM brigade.runs WHERE run_id = :#${variable.runId}
