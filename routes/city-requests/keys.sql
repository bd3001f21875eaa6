-- Which case and month each row belongs to, and the first column whose value can't be read (wrong), with that value and those beside it. Grain: a row of a file.
-- Which rows count is decided by this, before all other columns are read.
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
SELECT case_id, CAST(year(opened) AS INTEGER) AS year, CAST(month(opened) AS INTEGER) AS month, _source_file, _source_line, _source_version, wrong,
       CASE wrong WHEN 'case_enquiry_id' THEN case_enquiry_id WHEN 'open_dt' THEN open_dt WHEN 'sla_target_dt' THEN sla_target_dt
                  WHEN 'closed_dt' THEN closed_dt WHEN 'latitude' THEN latitude WHEN 'longitude' THEN longitude END AS value,
       CASE WHEN wrong IS NOT NULL THEN concat_ws(',', case_enquiry_id, open_dt, sla_target_dt, closed_dt, latitude, longitude) END AS text
FROM judged
