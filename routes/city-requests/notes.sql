-- What else became of the rows and cases. Grain: a row per figure: its name, and the number.
SELECT name, number FROM (
    SELECT 1 AS place, 'cases' AS name, (SELECT count(*) FROM silver) AS number
    UNION ALL SELECT 2, 'rows that a later file or line has again', (SELECT count(*) FROM keys WHERE wrong IS NULL) - (SELECT count(*) FROM silver)
    UNION ALL SELECT 3, 'cases closed before being opened', (SELECT count(*) FROM silver WHERE is_closed_before_opened)
    UNION ALL SELECT 4, 'closure reasons that no pattern matched',
        (SELECT count(*) FROM silver WHERE closure_reason_normalized IS NULL AND trim(closure_reason) <> '')
    UNION ALL SELECT 5, 'late_cases', (SELECT count(*) FROM late_cases)
)
ORDER BY place
