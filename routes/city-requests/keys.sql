-- Which case and month each row belongs to. Grain: a row of a file. Of a row with a value that can't be read, wrong has the first such column, its value, and the
-- values beside it. Which rows count is decided by this, before all other columns are read; it is small, as it is held for all rows of all files.
WITH judged AS (
    SELECT *, CASE WHEN case_id IS NULL THEN 'case_enquiry_id'
                   WHEN opened IS NULL THEN 'open_dt'
                   WHEN target IS NULL AND is_given(sla_target_dt) THEN 'sla_target_dt'
                   WHEN closed IS NULL AND is_given(closed_dt) THEN 'closed_dt'
                   WHEN lat IS NULL AND is_given(latitude) THEN 'latitude'
                   WHEN lon IS NULL AND is_given(longitude) THEN 'longitude'
              END AS wrong
    FROM typed
)
SELECT case_id, CAST(year(opened) AS INTEGER) AS year, CAST(month(opened) AS INTEGER) AS month, _source_file, _source_line,
       CASE WHEN wrong IS NOT NULL THEN [
           wrong,
           CASE wrong WHEN 'case_enquiry_id' THEN case_enquiry_id WHEN 'open_dt' THEN open_dt WHEN 'sla_target_dt' THEN sla_target_dt
                      WHEN 'closed_dt' THEN closed_dt WHEN 'latitude' THEN latitude ELSE longitude END,
           concat_ws(',', case_enquiry_id, open_dt, sla_target_dt, closed_dt, latitude, longitude)
       ] END AS wrong
FROM judged
