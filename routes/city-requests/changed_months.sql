-- The months of which a case may be another one than in silver_before: those of all cases in files that were changed, added or removed since. Grain: a month.
WITH files_now AS (
    SELECT DISTINCT _source_file, _source_version FROM bronze
), files_before AS (
    SELECT DISTINCT _source_file, _source_version FROM silver_before
), files AS (
    SELECT coalesce(n._source_file, b._source_file) AS _source_file
    FROM files_now n FULL JOIN files_before b ON (n._source_file, n._source_version) = (b._source_file, b._source_version)
    WHERE n._source_file IS NULL OR b._source_file IS NULL
), cases AS (
    SELECT case_id FROM keys WHERE wrong IS NULL AND _source_file IN (SELECT _source_file FROM files)
    UNION ALL
    SELECT case_enquiry_id FROM silver_before WHERE _source_file IN (SELECT _source_file FROM files)
)
SELECT year, month FROM keys WHERE wrong IS NULL AND case_id IN (SELECT case_id FROM cases)
UNION
SELECT year, month FROM silver_before WHERE case_enquiry_id IN (SELECT case_id FROM cases)
