-- What can't be used: rows that are none, and rows with a value that can't be read. Grain: a row of a file.
SELECT "column", reason, text, _source_file, _source_line FROM bronze_rejects
UNION ALL
SELECT wrong AS "column",
       CASE wrong
           WHEN 'case_enquiry_id' THEN '''' || coalesce(case_enquiry_id, '') || ''' is not a number'
           WHEN 'open_dt' THEN '''' || coalesce(open_dt, '') || ''' is not a time'
           WHEN 'sla_target_dt' THEN '''' || sla_target_dt || ''' is not a time'
           WHEN 'closed_dt' THEN '''' || closed_dt || ''' is not a time'
           WHEN 'latitude' THEN '''' || latitude || ''' is not a number of degrees'
           ELSE '''' || longitude || ''' is not a number of degrees'
       END,
       concat_ws(',', case_enquiry_id, open_dt, sla_target_dt, closed_dt, latitude, longitude), _source_file, _source_line
FROM typed JOIN keys USING (_source_file, _source_line) WHERE wrong IS NOT NULL
