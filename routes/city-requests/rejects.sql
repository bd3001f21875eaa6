-- What can't be used: rows that are none, and rows with a value that can't be read. Grain: a row of a file.
SELECT "column", reason, text, _source_file, _source_line FROM bronze_rejects
UNION ALL
SELECT wrong[1] AS "column",
       '''' || coalesce(wrong[2], '') || ''' is not ' || CASE wrong[1] WHEN 'case_enquiry_id' THEN 'a number' WHEN 'latitude' THEN 'a number of degrees'
           WHEN 'longitude' THEN 'a number of degrees' ELSE 'a time' END,
       wrong[3], _source_file, _source_line
FROM keys WHERE wrong IS NOT NULL
