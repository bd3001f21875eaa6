-- What can be filtered by. Grain: a filter and a value of it; cases: how many there are in all.
SELECT 'year' AS filter, CAST(year AS VARCHAR) AS value, sum(cases) AS cases FROM case_groups GROUP BY ALL
UNION ALL SELECT 'month', CAST(month AS VARCHAR), sum(cases) FROM case_groups GROUP BY ALL
UNION ALL SELECT 'department', CAST(department AS VARCHAR), sum(cases) FROM case_groups GROUP BY ALL
UNION ALL SELECT 'neighborhood', CAST(neighborhood AS VARCHAR), sum(cases) FROM case_groups GROUP BY ALL
UNION ALL SELECT 'type', CAST(type AS VARCHAR), sum(cases) FROM case_groups GROUP BY ALL
UNION ALL SELECT 'source', CAST(source AS VARCHAR), sum(cases) FROM case_groups GROUP BY ALL
UNION ALL SELECT 'status', CAST(status AS VARCHAR), sum(cases) FROM case_groups GROUP BY ALL
ORDER BY filter, try_cast(value AS INTEGER), value
