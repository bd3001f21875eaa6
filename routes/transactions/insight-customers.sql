-- One row per customer with an invoice in the time, the highest revenue first, which is net; the view customers without bounds. Cancellations are
-- subtracted from the revenue, and are neither invoices nor purchases. That, the fifths and the segments are defined in
-- migrations/V20261127_13__questions_as_views.sql. In: limit, from, to (all optional; to is included).
SELECT customer_id, country, invoices, cancellations, gross, revenue, average_basket, cancellation_rate,
       to_char(first_purchase, 'YYYY-MM-DD"T"HH24:MI:SS') AS first_purchase, to_char(last_purchase, 'YYYY-MM-DD"T"HH24:MI:SS') AS last_purchase,
       recency, frequency, monetary, segment
FROM warehouse.customers_between(CAST(:#${header.from} AS date), CAST(:#${header.to} AS date))
ORDER BY revenue DESC, customer_id COLLATE "C"
LIMIT coalesce(CAST(:#${header.limit} AS integer), 100)
