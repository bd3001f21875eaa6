-- The invoices with the highest totals; cancellations are invoices of their own. In: limit, from, to (all optional; to is included).
SELECT invoice_no, customer_id, country, to_char(sold_at, 'YYYY-MM-DD"T"HH24:MI:SS') AS sold_at, lines, quantity, gross, net
FROM warehouse.invoice_totals
WHERE sold_at >= coalesce(CAST(:#${header.from} AS date), '-infinity') AND sold_at < coalesce(CAST(:#${header.to} AS date) + 1, 'infinity')
ORDER BY net DESC, invoice_no COLLATE "C"
LIMIT coalesce(CAST(:#${header.limit} AS integer), 100)
