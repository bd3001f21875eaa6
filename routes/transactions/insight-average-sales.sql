-- The average sales of an hour, a day, a month and a year, over those that have any; the view average_sales without bounds. average_gross: without
-- cancellations and adjustments; average_net: with them. The definition is in migrations/V20261127_13__questions_as_views.sql.
-- In: from, to (optional; to is included).
SELECT by, periods, average_gross, average_net
FROM warehouse.average_sales_between(CAST(:#${header.from} AS date), CAST(:#${header.to} AS date))
ORDER BY array_position(ARRAY['hour', 'day', 'month', 'year'], by)
