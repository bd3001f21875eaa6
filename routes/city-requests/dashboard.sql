-- What the charts of the page ask, kept in memory for each snapshot: a row per case with what charts need of it, and what can be added up, added up.
-- A name that is missing is '' here. The run of an answer is the last one that published silver or months: each run that publishes writes months. Groups are found by an array instead of a hash up to a million of them.
SET GLOBAL perfect_ht_threshold = 20;

-- As long as no run has published silver, it has no rows.
CREATE VIEW IF NOT EXISTS silver AS
    SELECT CAST(NULL AS TIMESTAMP) AS open_dt, CAST(NULL AS TIMESTAMP) AS sla_target_dt, CAST(NULL AS TIMESTAMP) AS closed_dt, CAST(NULL AS VARCHAR) AS on_time,
           CAST(NULL AS VARCHAR) AS case_status, CAST(NULL AS VARCHAR) AS closure_reason, CAST(NULL AS VARCHAR) AS closure_reason_normalized,
           CAST(NULL AS DOUBLE) AS duration_hours, CAST(NULL AS BOOLEAN) AS is_closed_before_opened, CAST(NULL AS VARCHAR) AS type,
           CAST(NULL AS VARCHAR) AS department, CAST(NULL AS VARCHAR) AS neighborhood, CAST(NULL AS DOUBLE) AS latitude, CAST(NULL AS DOUBLE) AS longitude,
           CAST(NULL AS VARCHAR) AS source, CAST(NULL AS INTEGER) AS year, CAST(NULL AS INTEGER) AS month WHERE false;

CREATE TYPE department_name AS ENUM (SELECT DISTINCT coalesce(department, '') FROM silver ORDER BY 1);
CREATE TYPE neighborhood_name AS ENUM (SELECT DISTINCT coalesce(neighborhood, '') FROM silver ORDER BY 1);
CREATE TYPE type_name AS ENUM (SELECT DISTINCT coalesce(type, '') FROM silver ORDER BY 1);
CREATE TYPE source_name AS ENUM (SELECT DISTINCT coalesce(source, '') FROM silver ORDER BY 1);
CREATE TYPE status_name AS ENUM (SELECT DISTINCT coalesce(case_status, '') FROM silver ORDER BY 1);
CREATE MACRO reason_of(normalized, written) AS
    coalesce(normalized, CASE WHEN trim(written) <> '' THEN '(no pattern matched)' ELSE '(no reason given)' END);
CREATE TYPE reason_name AS ENUM (SELECT DISTINCT reason_of(closure_reason_normalized, closure_reason) FROM silver ORDER BY 1);

-- Months are counted from the year 0. Durations are put into steps: minutes up to 100, and above that steps of one percent, so that the median and the 90th
-- percentile that are found by counting steps are right to half a percent.
CREATE MACRO month_number(moment) AS year(moment) * 12 + month(moment) - 1;
CREATE MACRO month_text(number) AS printf('%04d-%02d', number // 12, number % 12 + 1);
CREATE MACRO duration_step_of(minutes) AS CASE WHEN minutes < 100 THEN floor(minutes) ELSE 100 + floor(ln(minutes / 100) / ln(1.01)) END;
CREATE MACRO hours_of(step) AS round(CASE WHEN step < 100 THEN step + 0.5 ELSE 100 * pow(1.01, step - 99.5) END / 60, 2);

-- The classes of durations. Grain: a class.
CREATE TABLE duration_classes AS
SELECT * FROM (VALUES (0, 'under 1 hour', 1), (1, '1 to 4 hours', 4), (2, '4 to 12 hours', 12), (3, '12 to 24 hours', 24), (4, '1 to 3 days', 72),
                      (5, '3 to 7 days', 168), (6, '1 to 2 weeks', 336), (7, '2 to 4 weeks', 672), (8, '4 to 13 weeks', 2184),
                      (9, '13 to 52 weeks', 8736), (10, 'over 52 weeks', NULL)) AS class(class, duration, under_hours);
CREATE MACRO duration_class_of(hours) AS
    CASE WHEN hours < 12 THEN CASE WHEN hours < 1 THEN 0 WHEN hours < 4 THEN 1 ELSE 2 END
         WHEN hours < 336 THEN CASE WHEN hours < 24 THEN 3 WHEN hours < 72 THEN 4 WHEN hours < 168 THEN 5 ELSE 6 END
         ELSE CASE WHEN hours < 672 THEN 7 WHEN hours < 2184 THEN 8 WHEN hours < 8736 THEN 9 ELSE 10 END END;

-- The map is a grid around the middle of all coordinates, 100 cells of about 670 m in each direction. What is blank or 0/0 is in no cell; what is beyond the
-- grid is far away.
CREATE TABLE grid AS
SELECT coalesce(median(latitude), 0) - 0.3 AS south, coalesce(median(longitude), 0) - 0.4 AS west, 0.006 AS height, 0.008 AS width
FROM silver WHERE latitude <> 0 AND longitude <> 0;
CREATE MACRO no_cell() AS 65534;
CREATE MACRO far_away() AS 65535;

-- Grain: a case.
CREATE TABLE cases AS
WITH prepared AS (
    SELECT *, case_status IS NOT DISTINCT FROM 'Closed' AS is_closed,
           floor((latitude - south) / height) AS cell_row, floor((longitude - west) / width) AS cell_column
    FROM silver, grid
)
SELECT CAST(year AS USMALLINT) AS year, CAST(month AS UTINYINT) AS month,
       CAST(month_number(open_dt) AS USMALLINT) AS opened_month,
       -- One that was closed before it was opened, or nobody knows when, counts as closed in the month in which it was opened.
       CASE WHEN is_closed THEN CAST(month_number(greatest(open_dt, closed_dt)) AS USMALLINT) END AS closed_month,
       CAST((isodow(open_dt) - 1) * 24 + hour(open_dt) AS UTINYINT) AS hour_of_week,
       CAST(coalesce(case_status, '') AS status_name) AS status,
       CAST(coalesce(department, '') AS department_name) AS department,
       CAST(coalesce(neighborhood, '') AS neighborhood_name) AS neighborhood,
       CAST(coalesce(type, '') AS type_name) AS type,
       CAST(coalesce(source, '') AS source_name) AS source,
       CAST(reason_of(closure_reason_normalized, closure_reason) AS reason_name) AS reason,
       CAST(is_closed AS UTINYINT) AS closed,
       CAST(is_closed_before_opened AS UTINYINT) AS closed_before_opened,
       CAST(CASE on_time WHEN 'ONTIME' THEN 1 WHEN 'OVERDUE' THEN 0 END AS UTINYINT) AS on_time,
       CASE WHEN is_closed AND duration_hours >= 0 THEN CAST(duration_step_of(duration_hours * 60) AS USMALLINT) END AS duration_step,
       CASE WHEN is_closed AND duration_hours >= 0 THEN CAST(duration_class_of(duration_hours) AS UTINYINT) END AS duration_class,
       CASE WHEN is_closed AND closed_dt > sla_target_dt THEN CAST(date_diff('day', sla_target_dt, closed_dt) AS UINTEGER) END AS late_days,
       CAST(CASE WHEN latitude IS NULL OR longitude IS NULL OR latitude = 0 OR longitude = 0 THEN no_cell()
                 WHEN cell_row BETWEEN 0 AND 99 AND cell_column BETWEEN 0 AND 99 THEN cell_row * 100 + cell_column
                 ELSE far_away() END AS USMALLINT) AS cell
FROM prepared
ORDER BY opened_month;

-- The neighborhood that most cases of a cell belong to. Grain: a cell of the map.
CREATE TABLE cells AS SELECT cell, mode(neighborhood) AS neighborhood FROM cases GROUP BY cell;

-- Grain: a month of opening, status, department, neighborhood, type and source. judged: cases of which on_time is known.
CREATE TABLE case_groups AS
SELECT opened_month, year, month, status, department, neighborhood, type, source,
       CAST(count(*) AS UINTEGER) AS cases, CAST(sum(closed) AS UINTEGER) AS closed, CAST(sum(closed_before_opened) AS UINTEGER) AS closed_before_opened,
       CAST(count(on_time) AS UINTEGER) AS judged, CAST(coalesce(sum(on_time), 0) AS UINTEGER) AS on_time,
       CAST(count(late_days) AS UINTEGER) AS late, CAST(coalesce(sum(late_days), 0) AS UBIGINT) AS late_days
FROM cases
GROUP BY ALL
ORDER BY ALL;

-- The only place where cases are chosen: by lists that filters.sql makes of the parameters of a call. A list that is NULL chooses all.
CREATE MACRO is_chosen(year, month, department, neighborhood, type, source, status) AS
    (getvariable('chosen_years') IS NULL OR list_contains(getvariable('chosen_years'), year))
    AND (getvariable('chosen_months') IS NULL OR list_contains(getvariable('chosen_months'), month))
    AND (getvariable('chosen_departments') IS NULL OR list_contains(getvariable('chosen_departments'), department))
    AND (getvariable('chosen_neighborhoods') IS NULL OR list_contains(getvariable('chosen_neighborhoods'), neighborhood))
    AND (getvariable('chosen_types') IS NULL OR list_contains(getvariable('chosen_types'), type))
    AND (getvariable('chosen_sources') IS NULL OR list_contains(getvariable('chosen_sources'), source))
    AND (getvariable('chosen_statuses') IS NULL OR list_contains(getvariable('chosen_statuses'), status));
CREATE VIEW chosen_cases AS SELECT * FROM cases WHERE is_chosen(year, month, department, neighborhood, type, source, status);
CREATE VIEW chosen_groups AS SELECT * FROM case_groups WHERE is_chosen(year, month, department, neighborhood, type, source, status);

-- The months that charts show: from the first in which a chosen case was opened to the last in which one was opened or closed. Grain: a month.
CREATE VIEW shown_months AS
SELECT unnest(range(CAST(min(opened_month) AS BIGINT), CAST(greatest(max(opened_month), max(closed_month)) AS BIGINT) + 1)) AS number FROM chosen_cases;
