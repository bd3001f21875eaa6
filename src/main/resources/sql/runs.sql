-- The latest runs as JSON, newest first. In: pipeline, state, before, limit; each is optional.
SELECT json_build_object('runs', coalesce(json_agg(run ORDER BY run_id DESC), '[]'))::text AS runs
FROM (SELECT run_id, run
      FROM brigade.runs JOIN brigade.runs_as_json USING (run_id)
      WHERE pipeline = coalesce(CAST(:#${header.pipeline} AS text), pipeline)
        AND state = coalesce(CAST(:#${header.state} AS text), state)
        AND run_id < coalesce(CAST(:#${header.before} AS bigint), 9223372036854775807)
      ORDER BY run_id DESC
      LIMIT coalesce(CAST(:#${header.limit} AS integer), 100)) AS latest
