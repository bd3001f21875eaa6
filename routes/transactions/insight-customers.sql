-- One row per customer with an invoice in the time, the highest revenue first. invoices: without cancellations and adjustments, which have a letter
-- before the number; revenue: net, so what was cancelled is subtracted; average_basket: gross per invoice, so a basket counts as it was bought, even if
-- it was cancelled later, and revenue / invoices may be less; cancellation_rate: cancellations per invoice. recency, frequency and monetary are
-- fifths from 1 to 5 by rank among these customers, 5 the latest, the most frequent, the highest; equal ones are in the same. The segment follows. In: limit, from, to (all
-- optional; to is included).
WITH customers AS (
    SELECT customer_id,
           count(*) FILTER (WHERE invoice_no !~ '^[A-Za-z]') AS invoices,
           count(*) FILTER (WHERE invoice_no ~* '^C') AS cancellations,
           sum(gross) AS gross, sum(net) AS net, min(sold_at) AS first_purchase, max(sold_at) AS last_purchase
    FROM warehouse.invoice_totals
    WHERE customer_id IS NOT NULL
      AND sold_at >= coalesce(CAST(:#${header.from} AS date), '-infinity') AND sold_at < coalesce(CAST(:#${header.to} AS date) + 1, 'infinity')
    GROUP BY customer_id
),
scored AS (
    SELECT *,
           least(5, 1 + floor(5 * percent_rank() OVER (ORDER BY last_purchase)))::integer AS recency,
           least(5, 1 + floor(5 * percent_rank() OVER (ORDER BY invoices)))::integer AS frequency,
           least(5, 1 + floor(5 * percent_rank() OVER (ORDER BY net)))::integer AS monetary
    FROM customers
)
SELECT customer_id, country, invoices, cancellations, gross, net AS revenue, round(gross / nullif(invoices, 0), 2) AS average_basket,
       round(cancellations / nullif(invoices, 0)::numeric, 4) AS cancellation_rate,
       to_char(first_purchase, 'YYYY-MM-DD"T"HH24:MI:SS') AS first_purchase, to_char(last_purchase, 'YYYY-MM-DD"T"HH24:MI:SS') AS last_purchase,
       recency, frequency, monetary,
       CASE WHEN recency >= 4 AND frequency >= 4 AND monetary >= 4 THEN 'best'
            WHEN recency >= 4 AND frequency <= 2 THEN 'new'
            WHEN recency >= 3 AND frequency >= 3 THEN 'loyal'
            WHEN recency <= 2 AND (frequency >= 4 OR monetary >= 4) THEN 'at risk'
            WHEN recency <= 2 THEN 'lost'
            ELSE 'regular' END AS segment
FROM scored LEFT JOIN warehouse.dim_customer USING (customer_id)
ORDER BY net DESC, customer_id COLLATE "C"
LIMIT coalesce(CAST(:#${header.limit} AS integer), 100)
