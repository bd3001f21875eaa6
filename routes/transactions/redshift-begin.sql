-- From now on the schema holds the rows of this log, unless it holds those of another one. In: log.
LOCK {schema}.loaded_rows;

INSERT INTO {schema}.loaded_rows (log, source, position)
SELECT CAST({log} AS VARCHAR(36)), partitions.source, 0
FROM (
    SELECT 0 AS source UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3
    UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7
) AS partitions
WHERE NOT EXISTS (SELECT 1 FROM {schema}.loaded_rows);
