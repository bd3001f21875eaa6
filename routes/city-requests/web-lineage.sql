-- Where a case comes from: its rows, as the lake has them, with the records of the runs that wrote these. In: the rows as JSON. No row if no file has the case.
WITH answer AS (
    SELECT answer -> 'run' AS run, answer -> 'rows' -> 'gold' -> 0 AS gold, answer -> 'rows' -> 'silver' -> 0 AS silver, answer -> 'rows' -> 'bronze' AS bronze
    FROM (SELECT CAST(:#${body} AS json) AS answer) AS given
), writers AS (
    SELECT CAST(gold ->> '_run' AS bigint) AS run_id FROM answer
    UNION SELECT CAST(silver ->> '_run' AS bigint) FROM answer
    UNION SELECT CAST(one ->> '_run' AS bigint) FROM answer, json_array_elements(bronze) AS one
)
SELECT json_build_object(
           'snapshot_run', run,
           'gold', gold,
           'silver', silver,
           'bronze', bronze,
           'runs', (SELECT json_agg(json_build_object(
                               'id', run_id,
                               'state', state,
                               'trigger', trigger,
                               'started_at', to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                               'finished_at', to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                               'error', error) ORDER BY run_id)
                    FROM brigade.runs JOIN writers USING (run_id)))::text AS lineage
FROM answer WHERE json_array_length(bronze) > 0
