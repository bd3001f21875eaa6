-- The rows that a run rejected, without formulas, because spreadsheets open the file. In: the run's number.
SELECT CASE WHEN file ~ '^[-=+@\t\r\n]' THEN '''' || file ELSE file END AS file, nullif(line, 0) AS line, CASE WHEN reason ~ '^[-=+@\t\r\n]' THEN '''' || reason ELSE reason END AS reason,
       CASE WHEN row ~ '^[-=+@\t\r\n]' THEN '''' || row ELSE row END AS row
FROM brigade.rejected_rows
WHERE run_id = :#${variable.runId}
ORDER BY number
