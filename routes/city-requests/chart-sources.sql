-- How the chosen cases were reported. Grain: a source, those with the most cases first.
SELECT CAST(source AS VARCHAR) AS source, sum(cases) AS cases, sum(closed) AS closed, sum(on_time) / sum(judged) AS on_time_share
FROM chosen_groups
GROUP BY chosen_groups.source
ORDER BY sum(cases) DESC, chosen_groups.source
