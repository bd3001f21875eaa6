-- What became of the rows of all files.
SELECT 'rows_read', (SELECT count(*) FROM bronze) + (SELECT count(*) FROM bronze_rejects)
UNION ALL SELECT 'rows_rejected', (SELECT count(*) FROM rejects)
UNION ALL SELECT 'cases', (SELECT count(*) FROM silver)
UNION ALL SELECT 'rows that a later file or line has again', (SELECT count(*) FROM typed WHERE wrong IS NULL) - (SELECT count(*) FROM silver)
UNION ALL SELECT 'cases closed before they were opened', (SELECT count(*) FROM silver WHERE is_closed_before_opened)
UNION ALL SELECT 'closure reasons that no pattern matched', (SELECT count(*) FROM silver WHERE closure_reason_normalized IS NULL AND trim(closure_reason) <> '')
UNION ALL SELECT 'late_cases', (SELECT count(*) FROM late_cases)
