-- How neighborhoods fare, those with the smallest on-time share first. Grain: a neighborhood. late_closed: cases that were closed after their target; late_days:
-- by how many days in all.
WITH steps AS (
    SELECT neighborhood, duration_step, count(*) AS cases FROM chosen_cases WHERE duration_step IS NOT NULL GROUP BY ALL
), ranked AS (
    SELECT neighborhood, duration_step, sum(cases) OVER (PARTITION BY neighborhood ORDER BY duration_step) AS so_far,
           sum(cases) OVER (PARTITION BY neighborhood) AS total
    FROM steps
), durations AS (
    SELECT neighborhood, hours_of(min(duration_step) FILTER (WHERE so_far >= 0.5 * total)) AS median_hours,
           hours_of(min(duration_step) FILTER (WHERE so_far >= 0.9 * total)) AS hours_of_90_percent
    FROM ranked
    GROUP BY neighborhood
)
SELECT CAST(neighborhood AS VARCHAR) AS neighborhood, sum(cases) AS cases, sum(closed) AS closed, sum(on_time) / sum(judged) AS on_time_share,
       any_value(median_hours) AS median_hours, any_value(hours_of_90_percent) AS hours_of_90_percent,
       sum(late) AS late_closed, sum(late_days) AS late_days
FROM chosen_groups LEFT JOIN durations USING (neighborhood)
GROUP BY neighborhood
ORDER BY on_time_share NULLS LAST, cases DESC, neighborhood
