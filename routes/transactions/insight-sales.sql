-- Sales per hour, day, month or year that has any; the views sales_per_… without bounds. gross: sales without cancellations and adjustments; net: with
-- them. The definition is in migrations/V20261127_13__questions_as_views.sql. In: by, from, to (all optional; to is included).
SELECT CASE coalesce(:#${header.by}, 'day')
           WHEN 'hour' THEN to_char(period, 'YYYY-MM-DD"T"HH24:00')
           WHEN 'day' THEN to_char(period, 'YYYY-MM-DD')
           WHEN 'month' THEN to_char(period, 'YYYY-MM')
           ELSE to_char(period, 'YYYY') END AS period,
       lines, quantity, gross, net
FROM warehouse.sales_between(coalesce(:#${header.by}, 'day'), CAST(:#${header.from} AS date), CAST(:#${header.to} AS date)) AS sales
ORDER BY sales.period
