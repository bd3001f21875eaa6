-- Sales by country, the highest revenue first, which is net; invoices: without cancellations and adjustments. In: from, to (optional; to is included).
SELECT country, count(*) FILTER (WHERE invoice_no !~ '^[A-Za-z]') AS invoices, count(DISTINCT customer_id) AS customers, sum(quantity) AS quantity,
       sum(gross) AS gross, sum(net) AS revenue
FROM warehouse.invoice_totals
WHERE sold_at >= coalesce(CAST(:#${header.from} AS date), '-infinity') AND sold_at < coalesce(CAST(:#${header.to} AS date) + 1, 'infinity')
GROUP BY country
ORDER BY revenue DESC, country COLLATE "C"
