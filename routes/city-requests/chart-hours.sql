-- How late the chosen cases are by when they were opened. Grain: a weekday (1 is Monday) and an hour. late_share: of the cases of which the city says whether they
-- are on time; late_days: how many days after their target those were closed that were, on average.
SELECT hour_of_week // 24 + 1 AS weekday, hour_of_week % 24 AS hour, count(*) AS cases,
       1 - sum(on_time) / count(on_time) AS late_share, round(avg(late_days), 2) AS late_days
FROM chosen_cases
GROUP BY hour_of_week
ORDER BY hour_of_week
