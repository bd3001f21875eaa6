-- What happened in a month: how many cases were opened in it, how many closed, and how many were open at its end (backlog); and of those opened in it, the share of
-- those that are on time among those of which the city says so, and how long it took to close them. Grain: a month, neighborhood, department, type and source of
-- which a case was opened or closed; a backlog lasts until the next row.
WITH events AS (
    SELECT year, month, neighborhood, department, type, source, 1 AS opened, 0 AS closed, on_time, CASE WHEN case_status = 'Closed' AND duration_hours >= 0 THEN duration_hours END AS hours
    FROM silver
    UNION ALL
    -- One that was closed before it was opened, or nobody knows when, counts as closed in the month in which it was opened, as in the dashboard.
    SELECT CAST(year(greatest(open_dt, closed_dt)) AS INTEGER), CAST(month(greatest(open_dt, closed_dt)) AS INTEGER), neighborhood, department, type, source,
           0, 1, NULL, NULL
    FROM silver
    WHERE case_status = 'Closed'
), months AS (
    SELECT year, month, neighborhood, department, type, source, CAST(sum(opened) AS BIGINT) AS opened, CAST(sum(closed) AS BIGINT) AS closed,
           count(*) FILTER (WHERE on_time = 'ONTIME') / nullif(count(*) FILTER (WHERE on_time IN ('ONTIME', 'OVERDUE')), 0) AS on_time_share,
           quantile_cont(hours, [0.5, 0.9]) AS quantiles
    FROM events
    GROUP BY ALL
)
SELECT year, month, neighborhood, department, type, source, opened, closed,
       CAST(sum(opened - closed) OVER (PARTITION BY neighborhood, department, type, source ORDER BY year, month) AS BIGINT) AS backlog,
       on_time_share, quantiles[1] AS median_hours, quantiles[2] AS hours_of_90_percent
FROM months
ORDER BY ALL
