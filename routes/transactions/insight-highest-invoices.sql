-- The invoices with the highest totals, which are net; the view highest_invoices without bounds. Cancellations are invoices of their own. The
-- definition is in migrations/V20261127_13__questions_as_views.sql. In: limit, from, to (all optional; to is included).
SELECT invoice_no, customer_id, country, to_char(sold_at, 'YYYY-MM-DD"T"HH24:MI:SS') AS sold_at, lines, quantity, gross, net
FROM warehouse.invoices_between(CAST(:#${header.from} AS date), CAST(:#${header.to} AS date))
ORDER BY net DESC, invoice_no COLLATE "C"
LIMIT coalesce(CAST(:#${header.limit} AS integer), 100)
