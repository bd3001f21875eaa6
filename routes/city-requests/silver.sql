-- The city's cases, as the latest file has them, of those months that are written again. Grain: a case (case_enquiry_id); which row of which file it came from
-- is _source_file and _source_line. duration_hours is negative where a case was closed before it was opened (is_closed_before_opened).
SELECT case_id AS case_enquiry_id, opened AS open_dt, target AS sla_target_dt, closed AS closed_dt, on_time, case_status, closure_reason,
       CASE WHEN trim(closure_reason) <> '' THEN closure_reason_of(words) END AS closure_reason_normalized,
       epoch(closed - opened) / 3600.0 AS duration_hours,
       coalesce(closed < opened, false) AS is_closed_before_opened,
       case_title, subject, reason, type, queue, department, submitted_photo, closed_photo, location, fire_district, pwd_district, city_council_district,
       police_district, neighborhood, neighborhood_services_district, ward, precinct, location_street_name, location_zipcode, lat AS latitude, lon AS longitude,
       geom_4326, source, _source_file, _source_line, _source_version, CAST(year(opened) AS INTEGER) AS year, CAST(month(opened) AS INTEGER) AS month
FROM typed
ANTI JOIN dropped USING (_source_file, _source_line)
WHERE year(opened) * 12 + month(opened) IN (SELECT year * 12 + month FROM changed_months)
  AND _source_file IN (SELECT DISTINCT k._source_file FROM keys k JOIN changed_months USING (year, month))
