-- The rows that make up no case: those with a value that can't be read, and those whose case has a row in a later file, or further down. Grain: a row of a file.
WITH repeated AS (
    SELECT case_id FROM keys WHERE wrong IS NULL GROUP BY case_id HAVING count(*) > 1
), latest AS (
    SELECT case_id, max((_source_file, _source_line)) AS place FROM keys WHERE wrong IS NULL AND case_id IN (SELECT case_id FROM repeated) GROUP BY case_id
)
SELECT _source_file, _source_line FROM keys JOIN latest USING (case_id) WHERE wrong IS NULL AND (_source_file, _source_line) <> place
UNION ALL
SELECT _source_file, _source_line FROM keys WHERE wrong IS NOT NULL
