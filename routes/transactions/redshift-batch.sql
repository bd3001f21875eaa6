-- Brings a batch of rows into the warehouse in Redshift, in one transaction. In: file, role, first and last (the lowest and the highest position), moved.
-- The lock comes first, because a transaction sees what was committed before its next statement: who had to wait sees the rows of who was there
-- before. Rows that are here already, because the process that loaded them was killed before it could note that, are passed over.
LOCK {schema}.loaded_rows;

-- A position becomes NULL, which the column refuses, if rows before those of the batch are missing.
UPDATE {schema}.loaded_rows SET position = CASE source {moved} ELSE position END;

CREATE TEMPORARY TABLE arrived (
    source      INTEGER,
    position    BIGINT,
    invoice_no  VARCHAR(400),
    stock_code  VARCHAR(400),
    description VARCHAR(65535),
    customer_id VARCHAR(400),
    country     VARCHAR(400),
    sold_at     TIMESTAMP,
    quantity    INTEGER,
    unit_price  DECIMAL(38,10),
    amount      DECIMAL(38,10)
);

COPY arrived FROM {file} IAM_ROLE {role} FORMAT JSON 'auto' GZIP TIMEFORMAT 'auto' COMPUPDATE OFF STATUPDATE OFF;

DELETE FROM arrived USING {schema}.fact_sales
WHERE fact_sales.source = arrived.source AND fact_sales.position = arrived.position
  AND fact_sales.position BETWEEN {first} AND {last};

INSERT INTO {schema}.fact_sales (
    source, position, invoice_no, stock_code, customer_id, country, day, sold_at, quantity, unit_price, amount, is_sale)
SELECT source, position, invoice_no, stock_code, customer_id, country, CAST(sold_at AS DATE), sold_at, quantity, unit_price, amount,
       invoice_no !~ '^[CAca][0-9]' AND quantity > 0 AND unit_price >= 0
FROM arrived;

INSERT INTO {schema}.dim_date (day, year, quarter, month, day_of_week)
SELECT days.day, EXTRACT(year FROM days.day), EXTRACT(quarter FROM days.day), EXTRACT(month FROM days.day),
       CASE WHEN EXTRACT(dow FROM days.day) = 0 THEN 7 ELSE EXTRACT(dow FROM days.day) END
FROM (SELECT DISTINCT CAST(sold_at AS DATE) AS day FROM arrived) AS days
LEFT JOIN {schema}.dim_date AS known ON known.day = days.day
WHERE known.day IS NULL;

INSERT INTO {schema}.dim_country (country)
SELECT named.country
FROM (SELECT DISTINCT country FROM arrived WHERE country IS NOT NULL) AS named
LEFT JOIN {schema}.dim_country AS known ON known.country = named.country
WHERE known.country IS NULL;

CREATE TEMPORARY TABLE products AS
SELECT stock_code, description, sold_at, source, position
FROM (
    SELECT stock_code, description, sold_at, source, position,
           ROW_NUMBER() OVER (
               PARTITION BY stock_code
               ORDER BY CASE WHEN description IS NULL THEN 1 ELSE 0 END, sold_at DESC, source DESC, position DESC) AS place
    FROM arrived
) AS placed
WHERE place = 1;

UPDATE {schema}.dim_product
SET description = products.description, described_at = products.sold_at, source = products.source, position = products.position
FROM products
WHERE dim_product.stock_code = products.stock_code
  AND products.description IS NOT NULL
  AND (dim_product.description IS NULL
       OR products.sold_at > dim_product.described_at
       OR (products.sold_at = dim_product.described_at AND products.source > dim_product.source)
       OR (products.sold_at = dim_product.described_at AND products.source = dim_product.source AND products.position > dim_product.position));

INSERT INTO {schema}.dim_product (stock_code, description, described_at, source, position)
SELECT products.stock_code, products.description, products.sold_at, products.source, products.position
FROM products
LEFT JOIN {schema}.dim_product AS known ON known.stock_code = products.stock_code
WHERE known.stock_code IS NULL;

CREATE TEMPORARY TABLE customers AS
SELECT customer_id, country, sold_at, source, position
FROM (
    SELECT customer_id, country, sold_at, source, position,
           ROW_NUMBER() OVER (
               PARTITION BY customer_id
               ORDER BY CASE WHEN country IS NULL THEN 1 ELSE 0 END, sold_at DESC, source DESC, position DESC) AS place
    FROM arrived
    WHERE customer_id IS NOT NULL
) AS placed
WHERE place = 1;

UPDATE {schema}.dim_customer
SET country = customers.country, located_at = customers.sold_at, source = customers.source, position = customers.position
FROM customers
WHERE dim_customer.customer_id = customers.customer_id
  AND customers.country IS NOT NULL
  AND (dim_customer.country IS NULL
       OR customers.sold_at > dim_customer.located_at
       OR (customers.sold_at = dim_customer.located_at AND customers.source > dim_customer.source)
       OR (customers.sold_at = dim_customer.located_at AND customers.source = dim_customer.source AND customers.position > dim_customer.position));

INSERT INTO {schema}.dim_customer (customer_id, country, located_at, source, position)
SELECT customers.customer_id, customers.country, customers.sold_at, customers.source, customers.position
FROM customers
LEFT JOIN {schema}.dim_customer AS known ON known.customer_id = customers.customer_id
WHERE known.customer_id IS NULL;

DROP TABLE customers;

DROP TABLE products;

DROP TABLE arrived;
