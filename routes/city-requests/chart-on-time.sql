-- The share of the chosen cases that are on time, of those of which the city says so or not, by the month in which they were opened. Grain: a month, the same
-- ones as in chart-months.sql; without cases, it has no share.
WITH opened AS (
    SELECT opened_month AS number, sum(cases) AS cases, sum(on_time) AS on_time, sum(judged) AS judged FROM chosen_groups GROUP BY ALL
)
SELECT month_text(number) AS month, coalesce(cases, 0) AS cases, coalesce(on_time, 0) AS on_time, coalesce(judged - on_time, 0) AS overdue,
       on_time / judged AS on_time_share
FROM shown_months LEFT JOIN opened USING (number)
ORDER BY number
