-- The rows of a stream that can't be used, as JSON, the latest first. In: pipeline, before (optional): only those with a smaller id.
SELECT coalesce(json_agg(rejected), '[]')::text
FROM (SELECT rejected_id AS id, stage, key, number, partition, field, reason, row,
             to_char(rejected_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS rejected_at
      FROM brigade.stream_rejected
      WHERE stream = :#${header.pipeline} AND (CAST(:#${header.before} AS bigint) IS NULL OR rejected_id < CAST(:#${header.before} AS bigint))
      ORDER BY rejected_id DESC
      LIMIT 100) AS rejected
