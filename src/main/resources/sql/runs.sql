-- The latest runs as JSON, newest first. In: pipeline, state, before, limit; each is optional. The index finds the latest of each task in each state; of
-- those, the latest are shown.
WITH latest AS (
    SELECT run_id
    FROM brigade.tasks AS t,
         unnest(ARRAY['running', 'succeeded', 'failed', 'released', 'skipped']) AS wanted (state),
         LATERAL (SELECT run_id
                  FROM brigade.runs AS r
                  WHERE r.pipeline = t.pipeline AND r.task = t.task AND r.state = wanted.state
                    AND run_id < coalesce(CAST(:#${header.before} AS bigint), 9223372036854775807)
                  ORDER BY run_id DESC
                  LIMIT coalesce(CAST(:#${header.limit} AS integer), 100)) AS found
    WHERE t.pipeline = coalesce(CAST(:#${header.pipeline} AS text), t.pipeline)
      AND wanted.state = coalesce(CAST(:#${header.state} AS text), wanted.state)
    ORDER BY run_id DESC
    LIMIT coalesce(CAST(:#${header.limit} AS integer), 100)
)
SELECT json_build_object('runs', coalesce(json_agg(run ORDER BY run_id DESC), '[]'))::text AS runs
FROM latest, LATERAL (SELECT run FROM brigade.runs_as_json AS r WHERE r.run_id = latest.run_id) AS shown
