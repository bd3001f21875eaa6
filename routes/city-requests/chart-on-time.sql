-- The share of the chosen cases that are on time, of those of which the city says so or not. Grain: a month in which cases were opened.
SELECT month_text(opened_month) AS month, sum(cases) AS cases, sum(on_time) AS on_time, sum(judged) - sum(on_time) AS overdue,
       sum(on_time) / sum(judged) AS on_time_share
FROM chosen_groups
GROUP BY opened_month
ORDER BY opened_month
