-- The verdicts of the last run that has any, rule by rule, with what the runs before measured (the last 30, the oldest first).
WITH runs AS (
    SELECT run_id FROM (SELECT DISTINCT run_id FROM brigade.quality_verdicts) AS judged
    WHERE (SELECT pipeline FROM brigade.runs r WHERE r.run_id = judged.run_id) = 'city-requests'
    ORDER BY run_id DESC LIMIT 30
), verdicts AS (
    SELECT * FROM brigade.quality_verdicts JOIN runs USING (run_id)
), last AS (
    SELECT run_id, state, to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS finished_at, error
    FROM brigade.runs WHERE run_id = (SELECT max(run_id) FROM runs)
)
SELECT json_build_object(
           'run', (SELECT row_to_json(last) FROM last),
           'rules', coalesce((
               SELECT json_agg(json_build_object(
                          'table', v.table_name,
                          'rule', v.rule,
                          'severity', v.severity,
                          'passed', v.passed,
                          'measured', v.measured,
                          'expected', v.expected,
                          'samples', v.samples,
                          'trend', (SELECT json_agg(json_build_object('run', t.run_id, 'measured', t.measured, 'passed', t.passed) ORDER BY t.run_id)
                                    FROM verdicts t WHERE t.table_name = v.table_name AND t.rule = v.rule)) ORDER BY v.number)
               FROM verdicts v WHERE v.run_id = (SELECT max(run_id) FROM runs)), '[]'))::text AS quality
