-- The warehouse in Redshift: the same star as in PostgreSQL, and views in place of the totals there. It must be SQL that both know, because the tests
-- run it in PostgreSQL. Redshift enforces no primary keys, chooses distribution and sort keys by itself, and counts bytes in VARCHAR.
CREATE SCHEMA IF NOT EXISTS {schema};

-- One row per partition of the log: the position up to which its rows are here. Whoever loads rows locks this table first.
CREATE TABLE IF NOT EXISTS {schema}.loaded_rows (
    log      VARCHAR(36) NOT NULL,
    source   INTEGER     NOT NULL,
    position BIGINT      NOT NULL
);

-- One row per day that has sales.
CREATE TABLE IF NOT EXISTS {schema}.dim_date (
    day         DATE     NOT NULL,
    year        SMALLINT NOT NULL,
    quarter     SMALLINT NOT NULL,
    month       SMALLINT NOT NULL,
    day_of_week SMALLINT NOT NULL
);

-- One row per product; its description is the latest that a line had, which is that of described_at, source and position.
CREATE TABLE IF NOT EXISTS {schema}.dim_product (
    stock_code   VARCHAR(400) NOT NULL,
    description  VARCHAR(65535),
    described_at TIMESTAMP    NOT NULL,
    source       INTEGER      NOT NULL,
    position     BIGINT       NOT NULL
);

-- One row per customer; the country is the latest that a line had, which is that of located_at, source and position.
CREATE TABLE IF NOT EXISTS {schema}.dim_customer (
    customer_id VARCHAR(400) NOT NULL,
    country     VARCHAR(400),
    located_at  TIMESTAMP    NOT NULL,
    source      INTEGER      NOT NULL,
    position    BIGINT       NOT NULL
);

-- One row per country.
CREATE TABLE IF NOT EXISTS {schema}.dim_country (
    country VARCHAR(400) NOT NULL
);

-- One row per line of an invoice, known by where it came from. is_sale: neither a cancellation nor an adjustment, which have C or A and a digit before the
-- invoice's number, nor a line with a negative quantity or price.
CREATE TABLE IF NOT EXISTS {schema}.fact_sales (
    source      INTEGER        NOT NULL,
    position    BIGINT         NOT NULL,
    invoice_no  VARCHAR(400)   NOT NULL,
    stock_code  VARCHAR(400)   NOT NULL,
    customer_id VARCHAR(400),
    country     VARCHAR(400),
    day         DATE           NOT NULL,
    sold_at     TIMESTAMP      NOT NULL,
    quantity    INTEGER        NOT NULL,
    unit_price  DECIMAL(38,10) NOT NULL,
    amount      DECIMAL(38,10) NOT NULL,
    is_sale     BOOLEAN        NOT NULL
);

-- One row per hour that has sales. gross: the amounts of sales; net: of all lines.
CREATE OR REPLACE VIEW {schema}.sales_by_hour AS
SELECT DATE_TRUNC('hour', sold_at) AS hour, COUNT(*) AS lines, SUM(quantity) AS quantity,
       SUM(CASE WHEN is_sale THEN amount ELSE 0 END) AS gross, SUM(amount) AS net
FROM {schema}.fact_sales
GROUP BY DATE_TRUNC('hour', sold_at);

-- One row per product and hour, of sales only.
CREATE OR REPLACE VIEW {schema}.product_by_hour AS
SELECT DATE_TRUNC('hour', sold_at) AS hour, stock_code, SUM(quantity) AS quantity, SUM(amount) AS revenue
FROM {schema}.fact_sales
WHERE is_sale
GROUP BY DATE_TRUNC('hour', sold_at), stock_code;

-- One row per product and day, of sales only.
CREATE OR REPLACE VIEW {schema}.product_by_day AS
SELECT day, stock_code, SUM(quantity) AS quantity, SUM(amount) AS revenue
FROM {schema}.fact_sales
WHERE is_sale
GROUP BY day, stock_code;

-- One row per invoice, cancellations and adjustments included. The customer and the country are the first that a line named, sold_at is the
-- time of its first line.
CREATE OR REPLACE VIEW {schema}.invoice_totals AS
SELECT invoice_no,
       MAX(CASE WHEN customer_place = 1 THEN customer_id END) AS customer_id,
       MAX(CASE WHEN country_place = 1 THEN country END) AS country,
       MIN(sold_at) AS sold_at, COUNT(*) AS lines, SUM(quantity) AS quantity,
       SUM(CASE WHEN is_sale THEN amount ELSE 0 END) AS gross, SUM(amount) AS net
FROM (
    SELECT invoice_no, customer_id, country, sold_at, quantity, amount, is_sale,
           ROW_NUMBER() OVER (
               PARTITION BY invoice_no ORDER BY CASE WHEN customer_id IS NULL THEN 1 ELSE 0 END, source, position) AS customer_place,
           ROW_NUMBER() OVER (
               PARTITION BY invoice_no ORDER BY CASE WHEN country IS NULL THEN 1 ELSE 0 END, source, position) AS country_place
    FROM {schema}.fact_sales
) AS placed
GROUP BY invoice_no;
