-- The current state, as JSON. The index finds the pipelines one after the other, however many runs there are.
WITH RECURSIVE pipelines AS (
    SELECT min(pipeline) AS pipeline FROM brigade.runs
    UNION ALL
    SELECT (SELECT min(pipeline) FROM brigade.runs WHERE pipeline > before.pipeline)
    FROM pipelines AS before
    WHERE before.pipeline IS NOT NULL
), succeeded AS (
    SELECT pipeline, (SELECT max(run_id) FROM brigade.runs r WHERE r.pipeline = p.pipeline AND state = 'succeeded') AS run_id
    FROM pipelines AS p
    WHERE pipeline IS NOT NULL
)
SELECT json_build_object(
           'succeeded', (SELECT coalesce(json_object_agg(pipeline, run_id) FILTER (WHERE run_id IS NOT NULL), '{}')
                         FROM succeeded),
           'running', (SELECT coalesce(json_agg(run ORDER BY run_id), '[]')
                       FROM brigade.runs_as_json JOIN brigade.runs USING (run_id)
                       WHERE state = 'running'),
           'newest', (SELECT run FROM brigade.runs_as_json ORDER BY run_id DESC LIMIT 1)
       )::text AS state
