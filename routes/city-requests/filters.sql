-- Makes of the parameters of a call what cases are chosen by: numbers, which may be separated by commas, and of names those that exist. A name that does not
-- exist chooses nothing; '' chooses cases without one.
SET VARIABLE chosen_years = CASE WHEN getvariable('year') IS NOT NULL THEN
    (SELECT list(CAST(value AS USMALLINT)) FROM (SELECT unnest(string_split(array_to_string(CAST(getvariable('year') AS VARCHAR[]), ','), ',')) AS value)) END;
SET VARIABLE chosen_months = CASE WHEN getvariable('month') IS NOT NULL THEN
    (SELECT list(CAST(value AS UTINYINT)) FROM (SELECT unnest(string_split(array_to_string(CAST(getvariable('month') AS VARCHAR[]), ','), ',')) AS value)) END;
SET VARIABLE chosen_departments = CASE WHEN getvariable('department') IS NOT NULL THEN
    (SELECT list_filter(enum_range(CAST(NULL AS department_name)), lambda name: list_contains(getvariable('department'), CAST(name AS VARCHAR)))) END;
SET VARIABLE chosen_neighborhoods = CASE WHEN getvariable('neighborhood') IS NOT NULL THEN
    (SELECT list_filter(enum_range(CAST(NULL AS neighborhood_name)), lambda name: list_contains(getvariable('neighborhood'), CAST(name AS VARCHAR)))) END;
SET VARIABLE chosen_types = CASE WHEN getvariable('type') IS NOT NULL THEN
    (SELECT list_filter(enum_range(CAST(NULL AS type_name)), lambda name: list_contains(getvariable('type'), CAST(name AS VARCHAR)))) END;
SET VARIABLE chosen_sources = CASE WHEN getvariable('source') IS NOT NULL THEN
    (SELECT list_filter(enum_range(CAST(NULL AS source_name)), lambda name: list_contains(getvariable('source'), CAST(name AS VARCHAR)))) END;
SET VARIABLE chosen_statuses = CASE WHEN getvariable('status') IS NOT NULL THEN
    (SELECT list_filter(enum_range(CAST(NULL AS status_name)), lambda name: list_contains(getvariable('status'), CAST(name AS VARCHAR)))) END;
