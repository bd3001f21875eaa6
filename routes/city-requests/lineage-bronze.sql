-- All rows of all files that have the case, as they came, and what became of each: it counts; it was rejected, with the reason; it was replaced by one of a
-- later file, or further down; or it will count once the quality rules are kept (held back). Grain: a row of a file.
WITH places AS (
    -- Of all rows, only these three columns are read. Most rows are ruled out by the cheaper condition.
    SELECT _source_file, _source_line FROM bronze
    WHERE contains(case_enquiry_id, CAST(getvariable('case_number') AS VARCHAR))
      AND regexp_full_match(case_enquiry_id, '\s*0*' || CAST(getvariable('case_number') AS VARCHAR) || '(\.0+)?\s*')
), candidates AS (
    SELECT * FROM bronze SEMI JOIN places USING (_source_file, _source_line)
), judged AS (
    -- A file may have a column of any name, so its columns are kept apart from those that are computed.
    SELECT c._source_file, c._source_line, c._source_version, c._fetched_at, c._run,
           to_json(struct_pack(*COLUMNS(c.* EXCLUDE (_source_file, _source_line, _source_version, _fetched_at, _run)))) AS row,
           r."column" AS rejected_column, r.reason AS rejected_because,
           (c._source_file, c._source_line, c._source_version) IN (
               SELECT (_source_file, _source_line, _source_version) FROM written.silver WHERE case_enquiry_id = getvariable('case_number')) AS is_in_silver,
           (c._source_file, c._source_line) = max((c._source_file, c._source_line)) FILTER (r.reason IS NULL) OVER () AS is_latest
    FROM candidates c
    LEFT JOIN rejects r USING (_source_file, _source_line)
)
SELECT CASE WHEN is_in_silver THEN 'counts'
            WHEN rejected_because IS NOT NULL THEN 'rejected'
            WHEN is_latest THEN 'held back'
            ELSE 'replaced'
       END AS _outcome,
       rejected_column || ': ' || rejected_because AS _reason,
       _source_file, _source_line, _source_version, strftime(_fetched_at, '%Y-%m-%dT%H:%M:%SZ') AS _fetched_at, _run, row
FROM judged
ORDER BY _source_file, _source_line
