-- One run as JSON; blank if there is none, but there are later ones. In: its number.
SELECT coalesce((SELECT run::text FROM brigade.runs_as_json WHERE run_id = :#${variable.runId}),
                CASE WHEN :#${variable.runId} < (SELECT max(run_id) FROM brigade.runs) THEN '' END) AS run
