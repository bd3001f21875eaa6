-- The business questions, each a function of the first and the last day that count, both included, and null for no bound. The insight-….sql files call
-- these functions, and views call them without bounds, for who asks in SQL. So each question has one definition: that of the function, in words above
-- it and in the comment of its view. PostgreSQL puts a function's text in place of its call, so an answer takes what its text would take, and
-- is read from the totals that are kept up to date, never from fact_sales.
--
-- In all of them: gross counts sales alone, as in fact_sales.is_sale; net counts all lines, so what was cancelled is subtracted. A cancellation is an
-- invoice whose number is C and then a digit, an adjustment one with A and then a digit, in any case.

-- One row per hour, day, month or year (unit) that has lines.
CREATE FUNCTION warehouse.sales_between(unit text, first_day date DEFAULT NULL, last_day date DEFAULT NULL)
RETURNS TABLE (period timestamp, lines numeric, quantity numeric, gross numeric, net numeric) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT date_trunc(unit, hour), sum(lines), sum(quantity), sum(gross), sum(net)
    FROM warehouse.sales_by_hour
    WHERE hour >= coalesce(first_day, '-infinity') AND hour < coalesce(last_day + 1, 'infinity')
    GROUP BY 1
$$;

-- Four rows: the average sales of an hour, a day, a month and a year, over those that have lines.
CREATE FUNCTION warehouse.average_sales_between(first_day date DEFAULT NULL, last_day date DEFAULT NULL)
RETURNS TABLE (by text, periods bigint, average_gross numeric, average_net numeric) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT by, count(*), round(avg(gross), 2), round(avg(net), 2)
    FROM (SELECT by, date_trunc(by, hour), sum(gross) AS gross, sum(net) AS net
          FROM warehouse.sales_by_hour CROSS JOIN unnest(ARRAY['hour', 'day', 'month', 'year']) AS by
          WHERE hour >= coalesce(first_day, '-infinity') AND hour < coalesce(last_day + 1, 'infinity')
          GROUP BY 1, 2) AS periods
    GROUP BY by
$$;

-- One row per hour, day, month or year (unit) that has sales: the product with the highest quantity or revenue (metric), of equal ones the first by code.
-- Sales alone count, so cancellations and adjustments don't.
CREATE FUNCTION warehouse.best_sellers_between(unit text, metric text, first_day date DEFAULT NULL, last_day date DEFAULT NULL)
RETURNS TABLE (period timestamp, stock_code text, description text, quantity numeric, revenue numeric) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT period, stock_code, description, quantity, revenue
    FROM (SELECT DISTINCT ON (period) period, stock_code, quantity, revenue
          FROM (SELECT hour AS period, stock_code, quantity, revenue
                FROM warehouse.product_by_hour
                WHERE unit = 'hour' AND hour >= coalesce(first_day, '-infinity') AND hour < coalesce(last_day + 1, 'infinity')
                UNION ALL
                SELECT date_trunc(unit, day::timestamp), stock_code, sum(quantity), sum(revenue)
                FROM warehouse.product_by_day
                WHERE unit <> 'hour' AND day >= coalesce(first_day, '-infinity') AND day <= coalesce(last_day, 'infinity')
                GROUP BY 1, 2) AS sold
          ORDER BY period, CASE WHEN metric = 'revenue' THEN revenue ELSE quantity END DESC, stock_code COLLATE "C") AS best
    LEFT JOIN warehouse.dim_product USING (stock_code)
$$;

-- One row per invoice, by the time of its first line. Cancellations and adjustments are invoices of their own.
CREATE FUNCTION warehouse.invoices_between(first_day date DEFAULT NULL, last_day date DEFAULT NULL)
RETURNS TABLE (invoice_no text, customer_id text, country text, sold_at timestamp, lines bigint, quantity bigint, gross numeric, net numeric)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT invoice_no, customer_id, country, sold_at, lines, quantity, gross, net
    FROM warehouse.invoice_totals
    WHERE sold_at >= coalesce(first_day, '-infinity') AND sold_at < coalesce(last_day + 1, 'infinity')
$$;

-- One row per customer with an invoice of any kind. invoices: without cancellations and adjustments. first_purchase, last_purchase: of the invoices with
-- a gross above 0, so a cancellation is none; null for who has none.
CREATE FUNCTION warehouse.buyers_between(first_day date, last_day date)
RETURNS TABLE (
    customer_id text, invoices bigint, cancellations bigint, gross numeric, net numeric, first_purchase timestamp, last_purchase timestamp)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT customer_id,
           count(*) FILTER (WHERE invoice_no !~* '^[ca][0-9]'),
           count(*) FILTER (WHERE invoice_no ~* '^c[0-9]'),
           sum(gross), sum(net), min(sold_at) FILTER (WHERE gross > 0), max(sold_at) FILTER (WHERE gross > 0)
    FROM warehouse.invoices_between(first_day, last_day)
    WHERE customer_id IS NOT NULL
    GROUP BY customer_id
$$;

-- From 1 to 5, by how many customers are worse, and how many are worse than the best: the best have 5, equal ones the same, and if all are equal, all have 5.
-- Unlike shares of all customers, it has those who bought once at 1 when they are most customers.
CREATE FUNCTION warehouse.fifth(worse bigint, worse_than_best bigint) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN worse = worse_than_best THEN 5 ELSE 1 + 5 * worse / worse_than_best END::integer
$$;

-- One row per customer with an invoice of any kind. revenue: net; average_basket: gross per invoice, so a basket counts as it was bought, even if it was
-- cancelled later, and revenue / invoices may be less; cancellation_rate: cancellations per invoice. recency, frequency and monetary: the fifths
-- (see above) of last_purchase, invoices and revenue among these customers; who has no purchase in the time has 1 in each. The segment follows from them.
CREATE FUNCTION warehouse.customers_between(first_day date DEFAULT NULL, last_day date DEFAULT NULL)
RETURNS TABLE (
    customer_id text, country text, invoices bigint, cancellations bigint, gross numeric, revenue numeric, average_basket numeric,
    cancellation_rate numeric, first_purchase timestamp, last_purchase timestamp, recency integer, frequency integer, monetary integer, segment text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH ranked AS (
        SELECT *, last_purchase IS NOT NULL AS bought,
               rank() OVER (ORDER BY last_purchase NULLS FIRST) - 1 AS less_recent,
               rank() OVER (ORDER BY invoices) - 1 AS less_frequent,
               rank() OVER (ORDER BY net) - 1 AS less_monetary
        FROM warehouse.buyers_between(first_day, last_day)
    ),
    scored AS (
        SELECT *,
               CASE WHEN bought THEN warehouse.fifth(less_recent, max(less_recent) OVER ()) ELSE 1 END AS recency,
               CASE WHEN bought THEN warehouse.fifth(less_frequent, max(less_frequent) OVER ()) ELSE 1 END AS frequency,
               CASE WHEN bought THEN warehouse.fifth(less_monetary, max(less_monetary) OVER ()) ELSE 1 END AS monetary
        FROM ranked
    )
    SELECT customer_id, country, invoices, cancellations, gross, net, round(gross / nullif(invoices, 0), 2),
           round(cancellations / nullif(invoices, 0)::numeric, 4), first_purchase, last_purchase, recency, frequency, monetary,
           CASE WHEN recency >= 4 AND frequency >= 4 AND monetary >= 4 THEN 'best'
                WHEN recency >= 4 AND frequency <= 2 THEN 'new'
                WHEN recency >= 3 AND frequency >= 3 THEN 'loyal'
                WHEN recency <= 2 AND (frequency >= 4 OR monetary >= 4) THEN 'at risk'
                WHEN recency <= 2 THEN 'lost'
                ELSE 'regular' END
    FROM scored LEFT JOIN warehouse.dim_customer USING (customer_id)
$$;

-- One row: all customers with an invoice of any kind. revenue: net; average_basket: gross per invoice; repeat_rate: the share of customers with more than
-- one invoice; cancellation_rate: cancellations per invoice. Invoices without a customer count nowhere.
CREATE FUNCTION warehouse.customer_base_between(first_day date DEFAULT NULL, last_day date DEFAULT NULL)
RETURNS TABLE (
    customers bigint, invoices numeric, cancellations numeric, revenue numeric, average_basket numeric, repeat_rate numeric, cancellation_rate numeric)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT count(*), coalesce(sum(invoices), 0), coalesce(sum(cancellations), 0), coalesce(sum(net), 0),
           round(sum(gross) / nullif(sum(invoices), 0), 2),
           round(count(*) FILTER (WHERE invoices > 1) / nullif(count(*), 0)::numeric, 4),
           round(sum(cancellations) / nullif(sum(invoices), 0), 4)
    FROM warehouse.buyers_between(first_day, last_day)
$$;

-- One row per country, also for invoices without one. revenue: net; invoices: without cancellations and adjustments.
CREATE FUNCTION warehouse.countries_between(first_day date DEFAULT NULL, last_day date DEFAULT NULL)
RETURNS TABLE (country text, invoices bigint, customers bigint, quantity numeric, gross numeric, revenue numeric)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT country, count(*) FILTER (WHERE invoice_no !~* '^[ca][0-9]'), count(DISTINCT customer_id), sum(quantity), sum(gross), sum(net)
    FROM warehouse.invoices_between(first_day, last_day)
    GROUP BY country
$$;

CREATE VIEW warehouse.sales_per_hour AS SELECT * FROM warehouse.sales_between('hour') ORDER BY period;
CREATE VIEW warehouse.sales_per_day AS SELECT * FROM warehouse.sales_between('day') ORDER BY period;
CREATE VIEW warehouse.sales_per_month AS SELECT * FROM warehouse.sales_between('month') ORDER BY period;
CREATE VIEW warehouse.sales_per_year AS SELECT * FROM warehouse.sales_between('year') ORDER BY period;

CREATE VIEW warehouse.average_sales AS
SELECT * FROM warehouse.average_sales_between() ORDER BY array_position(ARRAY['hour', 'day', 'month', 'year'], by);

CREATE VIEW warehouse.best_sellers_per_hour_by_quantity AS SELECT * FROM warehouse.best_sellers_between('hour', 'quantity') ORDER BY period;
CREATE VIEW warehouse.best_sellers_per_day_by_quantity AS SELECT * FROM warehouse.best_sellers_between('day', 'quantity') ORDER BY period;
CREATE VIEW warehouse.best_sellers_per_month_by_quantity AS SELECT * FROM warehouse.best_sellers_between('month', 'quantity') ORDER BY period;
CREATE VIEW warehouse.best_sellers_per_year_by_quantity AS SELECT * FROM warehouse.best_sellers_between('year', 'quantity') ORDER BY period;
CREATE VIEW warehouse.best_sellers_per_hour_by_revenue AS SELECT * FROM warehouse.best_sellers_between('hour', 'revenue') ORDER BY period;
CREATE VIEW warehouse.best_sellers_per_day_by_revenue AS SELECT * FROM warehouse.best_sellers_between('day', 'revenue') ORDER BY period;
CREATE VIEW warehouse.best_sellers_per_month_by_revenue AS SELECT * FROM warehouse.best_sellers_between('month', 'revenue') ORDER BY period;
CREATE VIEW warehouse.best_sellers_per_year_by_revenue AS SELECT * FROM warehouse.best_sellers_between('year', 'revenue') ORDER BY period;

CREATE VIEW warehouse.highest_invoices AS SELECT * FROM warehouse.invoices_between() ORDER BY net DESC, invoice_no COLLATE "C";
CREATE VIEW warehouse.customers AS SELECT * FROM warehouse.customers_between() ORDER BY revenue DESC, customer_id COLLATE "C";
CREATE VIEW warehouse.customer_base AS SELECT * FROM warehouse.customer_base_between();
CREATE VIEW warehouse.countries AS SELECT * FROM warehouse.countries_between() ORDER BY revenue DESC, country COLLATE "C";

COMMENT ON VIEW warehouse.sales_per_hour IS
    'Sales of each hour that has lines. gross: sales alone, without cancellations and adjustments; net: all lines, so these are subtracted.';
COMMENT ON VIEW warehouse.sales_per_day IS
    'Sales of each day that has lines. gross: sales alone, without cancellations and adjustments; net: all lines, so these are subtracted.';
COMMENT ON VIEW warehouse.sales_per_month IS
    'Sales of each month that has lines. gross: sales alone, without cancellations and adjustments; net: all lines, so these are subtracted.';
COMMENT ON VIEW warehouse.sales_per_year IS
    'Sales of each year that has lines. gross: sales alone, without cancellations and adjustments; net: all lines, so these are subtracted.';

COMMENT ON VIEW warehouse.average_sales IS
    'The average sales of an hour, a day, a month and a year, over those that have lines. average_gross: sales alone, without cancellations and '
    'adjustments; average_net: all lines, so these are subtracted.';

COMMENT ON VIEW warehouse.best_sellers_per_hour_by_quantity IS
    'The product of which most pieces were sold in each hour, of equal ones the first by code. Cancellations and adjustments don''t count.';
COMMENT ON VIEW warehouse.best_sellers_per_day_by_quantity IS
    'The product of which most pieces were sold on each day, of equal ones the first by code. Cancellations and adjustments don''t count.';
COMMENT ON VIEW warehouse.best_sellers_per_month_by_quantity IS
    'The product of which most pieces were sold in each month, of equal ones the first by code. Cancellations and adjustments don''t count.';
COMMENT ON VIEW warehouse.best_sellers_per_year_by_quantity IS
    'The product of which most pieces were sold in each year, of equal ones the first by code. Cancellations and adjustments don''t count.';
COMMENT ON VIEW warehouse.best_sellers_per_hour_by_revenue IS
    'The product with the highest revenue in each hour, of equal ones the first by code. Cancellations and adjustments don''t count.';
COMMENT ON VIEW warehouse.best_sellers_per_day_by_revenue IS
    'The product with the highest revenue on each day, of equal ones the first by code. Cancellations and adjustments don''t count.';
COMMENT ON VIEW warehouse.best_sellers_per_month_by_revenue IS
    'The product with the highest revenue in each month, of equal ones the first by code. Cancellations and adjustments don''t count.';
COMMENT ON VIEW warehouse.best_sellers_per_year_by_revenue IS
    'The product with the highest revenue in each year, of equal ones the first by code. Cancellations and adjustments don''t count.';

COMMENT ON VIEW warehouse.highest_invoices IS
    'All invoices, those with the highest net first. Cancellations and adjustments are invoices of their own. gross: sales alone; net: all lines.';

COMMENT ON VIEW warehouse.customers IS
    'Each customer with an invoice of any kind, the highest revenue first. invoices: without cancellations and adjustments; gross: sales alone; revenue: '
    'net, so what was cancelled is subtracted; average_basket: gross per invoice, so a basket counts as it was bought, even if it was cancelled later; '
    'cancellation_rate: cancellations per invoice; first_purchase, last_purchase: of the invoices with a gross above 0, so a cancellation is none. recency, '
    'frequency and monetary: from 1 to 5, by how many customers have an earlier last_purchase, fewer invoices, less revenue, of those who have less than '
    'the best; the best have 5, equal ones the same, and who has no purchase has 1 in each. segment: best (all three from 4), new (recency from 4, '
    'frequency up to 2), loyal (recency and frequency from 3), at risk (recency up to 2, frequency or monetary from 4), lost (recency up to 2), or regular.';

COMMENT ON VIEW warehouse.customer_base IS
    'All customers with an invoice of any kind, in one row. invoices: without cancellations and adjustments; revenue: net, so what was cancelled is '
    'subtracted; average_basket: gross per invoice; repeat_rate: the share of customers with more than one invoice; cancellation_rate: cancellations '
    'per invoice. Invoices without a customer count nowhere.';

COMMENT ON VIEW warehouse.countries IS
    'Sales by country, the highest revenue first. invoices: without cancellations and adjustments; gross: sales alone; revenue: net, so what was '
    'cancelled is subtracted.';
