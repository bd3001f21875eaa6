-- What a run did. In: its number.
SELECT pipeline, task FROM brigade.runs WHERE run_id = :#${variable.runId}
