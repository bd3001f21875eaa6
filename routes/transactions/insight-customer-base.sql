-- All customers with an invoice in the time, in one row. revenue: net, so what was cancelled is subtracted; average_basket: gross per invoice, so a basket
-- counts as it was bought, even if it was cancelled later, and revenue / invoices may be less. repeat_rate: the share with more than one invoice; cancellation_rate: cancellations per
-- invoice. Invoices without a customer count nowhere. In: from, to (optional; to is included).
SELECT count(*) AS customers, coalesce(sum(invoices), 0) AS invoices, coalesce(sum(cancellations), 0) AS cancellations, coalesce(sum(net), 0) AS revenue,
       round(sum(gross) / nullif(sum(invoices), 0), 2) AS average_basket,
       round(count(*) FILTER (WHERE invoices > 1) / nullif(count(*), 0)::numeric, 4) AS repeat_rate,
       round(sum(cancellations) / nullif(sum(invoices), 0), 4) AS cancellation_rate
FROM (SELECT count(*) FILTER (WHERE invoice_no !~ '^[A-Za-z]') AS invoices, count(*) FILTER (WHERE invoice_no ~* '^C') AS cancellations,
             sum(gross) AS gross, sum(net) AS net
      FROM warehouse.invoice_totals
      WHERE customer_id IS NOT NULL
        AND sold_at >= coalesce(CAST(:#${header.from} AS date), '-infinity')
        AND sold_at < coalesce(CAST(:#${header.to} AS date) + 1, 'infinity')
      GROUP BY customer_id) AS customers
