-- What the chosen cases are about. Grain: a department and a type, those with the most cases first.
SELECT CAST(department AS VARCHAR) AS department, CAST(type AS VARCHAR) AS type, sum(cases) AS cases, sum(closed) AS closed,
       sum(on_time) / sum(judged) AS on_time_share
FROM chosen_groups
GROUP BY chosen_groups.department, chosen_groups.type
ORDER BY sum(cases) DESC, chosen_groups.department, chosen_groups.type
