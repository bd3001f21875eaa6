-- How many rows each file has, and how many of them were rejected. Grain: a row per file.
WITH rows_of_files AS (
    SELECT _source_file, 0 AS rejected FROM keys
    UNION ALL SELECT _source_file, 0 FROM bronze_rejects
    UNION ALL SELECT _source_file, 1 FROM rejects
)
SELECT _source_file, count(*) FILTER (rejected = 0), sum(rejected) FROM rows_of_files GROUP BY _source_file ORDER BY _source_file
