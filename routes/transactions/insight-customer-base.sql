-- All customers with an invoice in the time, in one row; the view customer_base without bounds. Cancellations are subtracted from the revenue, and count
-- in cancellation_rate alone. The definition is in migrations/V20261127_13__questions_as_views.sql. In: from, to (optional; to is included).
SELECT customers, invoices, cancellations, revenue, average_basket, repeat_rate, cancellation_rate
FROM warehouse.customer_base_between(CAST(:#${header.from} AS date), CAST(:#${header.to} AS date))
