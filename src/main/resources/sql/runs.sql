-- The latest runs as JSON, newest first. In: limit.
SELECT json_build_object('runs', coalesce(json_agg(run ORDER BY run_id DESC), '[]'))::text AS runs
FROM (SELECT run_id, run FROM brigade.runs_as_json ORDER BY run_id DESC LIMIT coalesce(CAST(:#${header.limit} AS integer), 100)) AS latest
