-- How many cases were opened, and of these how many were closed, on time, and how long that took. Grain: a month of open_dt, neighborhood, department, type and source.
SELECT year, month, neighborhood, department, type, source,
       count(*) AS opened,
       count(*) FILTER (WHERE case_status = 'Closed') AS closed,
       count(*) FILTER (WHERE on_time = 'ONTIME') AS on_time,
       median(duration_hours) AS median_hours,
       quantile_cont(duration_hours, 0.9) AS hours_of_90_percent
FROM silver
GROUP BY ALL
ORDER BY ALL
