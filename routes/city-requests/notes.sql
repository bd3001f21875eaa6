-- What else became of the rows and cases. Grain: a row per figure: its name, and the number.
WITH figures AS (
    SELECT count(*) AS cases, count(*) FILTER (WHERE is_closed_before_opened) AS closed_before_opened,
           count(*) FILTER (WHERE closure_reason_normalized IS NULL AND trim(closure_reason) <> '') AS unmatched
    FROM silver
)
SELECT 'cases', cases FROM figures
UNION ALL SELECT 'rows that a later file or line has again', (SELECT count(*) FROM keys WHERE wrong IS NULL) - cases FROM figures
UNION ALL SELECT 'cases closed before being opened', closed_before_opened FROM figures
UNION ALL SELECT 'closure reasons that no pattern matched', unmatched FROM figures
UNION ALL SELECT 'late_cases', (SELECT count(*) FROM late_cases)
