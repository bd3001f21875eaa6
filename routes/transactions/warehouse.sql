-- Brings a batch of rows into fact_sales (one row per line), unless the warehouse is in Redshift, the dimensions, and what questions are answered
-- from. In: batch.
WITH arrived AS MATERIALIZED (
    SELECT _partition AS source, _position AS position, "InvoiceNo" AS invoice_no, "StockCode" AS stock_code, "Description" AS description,
           "CustomerID" AS customer_id, "Country" AS country, "InvoiceDate"::date AS day, "InvoiceDate" AS sold_at,
           "Quantity" AS quantity, "UnitPrice" AS unit_price, "Quantity" * "UnitPrice" AS amount,
           "InvoiceNo" !~ '^[CAca][0-9]' AND "Quantity" > 0 AND "UnitPrice" >= 0 AS is_sale
    FROM json_to_recordset(CAST(:#${variable.batch.rows} AS json)) AS row (
        _partition smallint, _position bigint, "InvoiceNo" text, "StockCode" text, "Description" text, "Quantity" integer,
        "InvoiceDate" timestamp, "UnitPrice" numeric, "CustomerID" text, "Country" text)
),
facts AS (
    INSERT INTO warehouse.fact_sales (
        source, position, invoice_no, stock_code, customer_id, country, day, sold_at, quantity, unit_price, amount, is_sale)
    SELECT source, position, invoice_no, stock_code, customer_id, country, day, sold_at, quantity, unit_price, amount, is_sale FROM arrived
    WHERE (SELECT warehouse = 'postgresql' FROM transactions.store)
),
dates AS (
    INSERT INTO warehouse.dim_date (day, year, quarter, month, day_of_week)
    SELECT day, extract(year FROM day), extract(quarter FROM day), extract(month FROM day), extract(isodow FROM day)
    FROM (SELECT DISTINCT day FROM arrived) AS days
    ORDER BY day
    ON CONFLICT DO NOTHING
),
products AS (
    INSERT INTO warehouse.dim_product AS known (stock_code, description, described_at, source, position)
    SELECT DISTINCT ON (stock_code) stock_code, description, sold_at, source, position
    FROM arrived
    ORDER BY stock_code, description IS NULL, sold_at DESC, source DESC, position DESC
    ON CONFLICT (stock_code) DO UPDATE SET
        description = excluded.description, described_at = excluded.described_at, source = excluded.source, position = excluded.position
    WHERE excluded.description IS NOT NULL
      AND (known.description IS NULL
           OR (excluded.described_at, excluded.source, excluded.position) > (known.described_at, known.source, known.position))
),
customers AS (
    INSERT INTO warehouse.dim_customer AS known (customer_id, country, located_at, source, position)
    SELECT DISTINCT ON (customer_id) customer_id, country, sold_at, source, position
    FROM arrived
    WHERE customer_id IS NOT NULL
    ORDER BY customer_id, country IS NULL, sold_at DESC, source DESC, position DESC
    ON CONFLICT (customer_id) DO UPDATE SET
        country = excluded.country, located_at = excluded.located_at, source = excluded.source, position = excluded.position
    WHERE excluded.country IS NOT NULL
      AND (known.country IS NULL
           OR (excluded.located_at, excluded.source, excluded.position) > (known.located_at, known.source, known.position))
),
countries AS (
    INSERT INTO warehouse.dim_country (country)
    SELECT DISTINCT country FROM arrived WHERE country IS NOT NULL ORDER BY country
    ON CONFLICT DO NOTHING
),
hours AS (
    INSERT INTO warehouse.sales_by_hour AS known (hour, lines, quantity, gross, net)
    SELECT date_trunc('hour', sold_at), count(*), sum(quantity), coalesce(sum(amount) FILTER (WHERE is_sale), 0), sum(amount)
    FROM arrived
    GROUP BY 1
    ORDER BY 1
    ON CONFLICT (hour) DO UPDATE SET
        lines = known.lines + excluded.lines,
        quantity = known.quantity + excluded.quantity,
        gross = known.gross + excluded.gross,
        net = known.net + excluded.net
),
product_hours AS (
    INSERT INTO warehouse.product_by_hour AS known (hour, stock_code, quantity, revenue)
    SELECT date_trunc('hour', sold_at), stock_code, sum(quantity), sum(amount)
    FROM arrived
    WHERE is_sale
    GROUP BY 1, 2
    ORDER BY 1, 2
    ON CONFLICT (hour, stock_code) DO UPDATE SET
        quantity = known.quantity + excluded.quantity,
        revenue = known.revenue + excluded.revenue
),
product_days AS (
    INSERT INTO warehouse.product_by_day AS known (day, stock_code, quantity, revenue)
    SELECT day, stock_code, sum(quantity), sum(amount)
    FROM arrived
    WHERE is_sale
    GROUP BY 1, 2
    ORDER BY 1, 2
    ON CONFLICT (day, stock_code) DO UPDATE SET
        quantity = known.quantity + excluded.quantity,
        revenue = known.revenue + excluded.revenue
)
INSERT INTO warehouse.invoice_totals AS known (invoice_no, customer_id, country, sold_at, lines, quantity, gross, net)
SELECT invoice_no,
       (array_agg(customer_id ORDER BY position) FILTER (WHERE customer_id IS NOT NULL))[1],
       (array_agg(country ORDER BY position) FILTER (WHERE country IS NOT NULL))[1],
       min(sold_at), count(*), sum(quantity), coalesce(sum(amount) FILTER (WHERE is_sale), 0), sum(amount)
FROM arrived
GROUP BY invoice_no
ORDER BY invoice_no
ON CONFLICT (invoice_no) DO UPDATE SET
    customer_id = coalesce(known.customer_id, excluded.customer_id),
    country = coalesce(known.country, excluded.country),
    sold_at = least(known.sold_at, excluded.sold_at),
    lines = known.lines + excluded.lines,
    quantity = known.quantity + excluded.quantity,
    gross = known.gross + excluded.gross,
    net = known.net + excluded.net
