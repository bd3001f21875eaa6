-- The months of which a case may be another one than in silver_before: those of all cases in files that were changed, added or removed since. Grain: a month.
WITH before AS (
    SELECT * FROM silver_before
), files AS (
    (SELECT _source_file, _source_version FROM keys EXCEPT SELECT _source_file, _source_version FROM before)
    UNION
    (SELECT _source_file, _source_version FROM before EXCEPT SELECT _source_file, _source_version FROM keys)
), cases AS (
    SELECT case_id FROM keys WHERE wrong IS NULL AND _source_file IN (SELECT _source_file FROM files)
    UNION
    SELECT case_enquiry_id FROM before WHERE _source_file IN (SELECT _source_file FROM files)
)
SELECT year, month FROM keys WHERE wrong IS NULL AND case_id IN (SELECT case_id FROM cases)
UNION
SELECT year, month FROM before WHERE case_enquiry_id IN (SELECT case_id FROM cases)
