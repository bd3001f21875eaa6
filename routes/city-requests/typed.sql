-- The rows of all files with their values typed, the names of columns unified, and, where a value can't be read, the first column with such a value.
-- A value is missing if it is blank or NaN.
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
    SELECT * EXCLUDE (target_dt, ontime, submittedphoto, closedphoto)
             REPLACE (coalesce(sla_target_dt, target_dt) AS sla_target_dt, coalesce(on_time, ontime) AS on_time,
                      coalesce(submitted_photo, submittedphoto) AS submitted_photo, coalesce(closed_photo, closedphoto) AS closed_photo)
    FROM raw
), typed AS (
    SELECT *,
           try_cast(case_enquiry_id AS BIGINT) AS case_id,
           moment(open_dt) AS opened, moment(sla_target_dt) AS target, moment(closed_dt) AS closed,
           try_cast(given(latitude) AS DOUBLE) AS lat, try_cast(given(longitude) AS DOUBLE) AS lon
    FROM named
)
SELECT *,
       CASE WHEN case_id IS NULL THEN 'case_enquiry_id'
            WHEN opened IS NULL THEN 'open_dt'
            WHEN target IS NULL AND given(sla_target_dt) IS NOT NULL THEN 'sla_target_dt'
            WHEN closed IS NULL AND given(closed_dt) IS NOT NULL THEN 'closed_dt'
            WHEN lat IS NULL AND given(latitude) IS NOT NULL THEN 'latitude'
            WHEN lon IS NULL AND given(longitude) IS NOT NULL THEN 'longitude'
       END AS wrong
FROM typed
