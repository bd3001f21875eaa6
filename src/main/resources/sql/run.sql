-- One run as JSON. In: its number.
SELECT run::text AS run FROM brigade.runs_as_json WHERE run_id = :#${variable.runId}
