-- The product that sold best in each hour, day, month or year, by quantity or by revenue; the views best_sellers_per_… without bounds. Cancellations and
-- adjustments don't count. The definition is in migrations/V20261127_13__questions_as_views.sql.
-- In: by, metric, from, to (all optional; to is included).
SELECT CASE coalesce(:#${header.by}, 'day')
           WHEN 'hour' THEN to_char(period, 'YYYY-MM-DD"T"HH24:00')
           WHEN 'day' THEN to_char(period, 'YYYY-MM-DD')
           WHEN 'month' THEN to_char(period, 'YYYY-MM')
           ELSE to_char(period, 'YYYY') END AS period,
       stock_code, description, quantity, revenue
FROM warehouse.best_sellers_between(
    coalesce(:#${header.by}, 'day'), coalesce(:#${header.metric}, 'quantity'), CAST(:#${header.from} AS date), CAST(:#${header.to} AS date)) AS best
ORDER BY best.period
