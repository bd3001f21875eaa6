-- What can't be used: rows that are none, and rows with a value that can't be read. Grain: a row of a file.
SELECT "column", reason, text, _source_file, _source_line FROM bronze_rejects
UNION ALL
SELECT wrong AS "column", '''' || coalesce(value, '') || ''' is not ' ||
       CASE wrong WHEN 'case_enquiry_id' THEN 'a number' WHEN 'open_dt' THEN 'a time' WHEN 'sla_target_dt' THEN 'a time' WHEN 'closed_dt' THEN 'a time'
                  ELSE 'a number of degrees' END,
       text, _source_file, _source_line
FROM keys WHERE wrong IS NOT NULL
