-- The rows of all files with the names of columns unified, and with their values typed where they can be read. Grain: a row of a file.
-- Each value is computed in a step of its own, as DuckDB would compute what a CASE or a filter names several times as often as it is named.
WITH raw AS (
    -- No file needs to have all columns: those that none has are NULL.
    SELECT * FROM bronze
    UNION ALL BY NAME
    SELECT * FROM (
        SELECT NULL::VARCHAR AS case_enquiry_id, NULL::VARCHAR AS open_dt, NULL::VARCHAR AS sla_target_dt, NULL::VARCHAR AS target_dt, NULL::VARCHAR AS closed_dt,
               NULL::VARCHAR AS on_time, NULL::VARCHAR AS ontime, NULL::VARCHAR AS case_status, NULL::VARCHAR AS closure_reason, NULL::VARCHAR AS case_title,
               NULL::VARCHAR AS subject, NULL::VARCHAR AS reason, NULL::VARCHAR AS type, NULL::VARCHAR AS queue, NULL::VARCHAR AS department,
               NULL::VARCHAR AS submitted_photo, NULL::VARCHAR AS submittedphoto, NULL::VARCHAR AS closed_photo, NULL::VARCHAR AS closedphoto,
               NULL::VARCHAR AS location, NULL::VARCHAR AS fire_district, NULL::VARCHAR AS pwd_district, NULL::VARCHAR AS city_council_district,
               NULL::VARCHAR AS police_district, NULL::VARCHAR AS neighborhood, NULL::VARCHAR AS neighborhood_services_district, NULL::VARCHAR AS ward,
               NULL::VARCHAR AS precinct, NULL::VARCHAR AS location_street_name, NULL::VARCHAR AS location_zipcode, NULL::VARCHAR AS latitude,
               NULL::VARCHAR AS longitude, NULL::VARCHAR AS geom_4326, NULL::VARCHAR AS source
    ) WHERE false
), named AS (
    -- A file may have further columns, of any name; they stay in bronze.
    SELECT case_enquiry_id, open_dt, coalesce(sla_target_dt, target_dt) AS sla_target_dt, closed_dt, coalesce(on_time, ontime) AS on_time, case_status,
           closure_reason, case_title, subject, reason, type, queue, department, coalesce(submitted_photo, submittedphoto) AS submitted_photo,
           coalesce(closed_photo, closedphoto) AS closed_photo, location, fire_district, pwd_district, city_council_district, police_district, neighborhood,
           neighborhood_services_district, ward, precinct, location_street_name, location_zipcode, latitude, longitude, geom_4326, source,
           _source_file, _source_line, _source_version
    FROM raw
), parsed AS (
    SELECT *, whole_number(case_enquiry_id) AS case_id, written_time(open_dt) AS opened, written_time(sla_target_dt) AS target, written_time(closed_dt) AS closed,
           decimal_number(latitude) AS lat, decimal_number(longitude) AS lon, closure_words(closure_reason) AS words
    FROM named
)
SELECT * REPLACE (bounded_time(opened) AS opened, bounded_time(target) AS target, bounded_time(closed) AS closed, degrees(lat) AS lat, degrees(lon) AS lon)
FROM parsed
