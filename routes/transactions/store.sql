-- Brings a batch of rows into invoice_lines (one row per line), invoices (one per invoice) and customers (one per customer). In: batch.
-- A customer whose number is only known from a later line of an invoice gets that invoice as a whole then.
WITH arrived AS MATERIALIZED (
    SELECT _partition, _position, "InvoiceNo" AS invoice_no, "StockCode" AS stock_code, "Description" AS description, "Quantity" AS quantity,
           "InvoiceDate" AS invoice_date, "UnitPrice" AS unit_price, "CustomerID" AS customer_id, "Country" AS country
    FROM json_to_recordset(CAST(:#${variable.batch.rows} AS json)) AS row (
        _partition smallint, _position bigint, "InvoiceNo" text, "StockCode" text, "Description" text, "Quantity" integer,
        "InvoiceDate" timestamp, "UnitPrice" numeric, "CustomerID" text, "Country" text)
),
lines AS (
    INSERT INTO transactions.invoice_lines (
        invoice_no, source, position, stock_code, description, quantity, invoice_date, unit_price, customer_id, country)
    SELECT invoice_no, _partition, _position, stock_code, description, quantity, invoice_date, unit_price, customer_id, country
    FROM arrived
),
after AS (
    INSERT INTO transactions.invoices AS known (invoice_no, customer_id, country, first_line_at, last_line_at, lines, quantity, total)
    SELECT invoice_no,
           (array_agg(customer_id ORDER BY _position) FILTER (WHERE customer_id IS NOT NULL))[1],
           (array_agg(country ORDER BY _position) FILTER (WHERE country IS NOT NULL))[1],
           min(invoice_date), max(invoice_date), count(*), sum(quantity), sum(quantity * unit_price)
    FROM arrived
    GROUP BY invoice_no
    ORDER BY invoice_no
    ON CONFLICT (invoice_no) DO UPDATE SET
        customer_id = coalesce(known.customer_id, excluded.customer_id),
        country = coalesce(known.country, excluded.country),
        first_line_at = least(known.first_line_at, excluded.first_line_at),
        last_line_at = greatest(known.last_line_at, excluded.last_line_at),
        lines = known.lines + excluded.lines,
        quantity = known.quantity + excluded.quantity,
        total = known.total + excluded.total,
        counted_before = CASE WHEN known.customer_id IS NOT NULL THEN known.total END
    RETURNING *
)
INSERT INTO transactions.customers AS known (customer_id, invoices, total, first_purchase, last_purchase)
SELECT customer_id, count(*) FILTER (WHERE counted_before IS NULL), sum(total - coalesce(counted_before, 0)), min(first_line_at), max(last_line_at)
FROM after
WHERE customer_id IS NOT NULL
GROUP BY customer_id
ORDER BY customer_id
ON CONFLICT (customer_id) DO UPDATE SET
    invoices = known.invoices + excluded.invoices,
    total = known.total + excluded.total,
    first_purchase = least(known.first_purchase, excluded.first_purchase),
    last_purchase = greatest(known.last_purchase, excluded.last_purchase)
