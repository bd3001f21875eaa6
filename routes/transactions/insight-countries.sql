-- Sales by country, the highest revenue first, which is net, so cancellations are subtracted; the view countries without bounds. invoices: without
-- cancellations and adjustments. The definition is in migrations/V20261127_13__questions_as_views.sql. In: from, to (optional; to is included).
SELECT country, invoices, customers, quantity, gross, revenue
FROM warehouse.countries_between(CAST(:#${header.from} AS date), CAST(:#${header.to} AS date))
ORDER BY revenue DESC, country COLLATE "C"
