CREATE SCHEMA warehouse;

-- One row per day that has sales.
CREATE TABLE warehouse.dim_date (
    day         date     PRIMARY KEY,
    year        smallint NOT NULL,
    quarter     smallint NOT NULL,
    month       smallint NOT NULL,
    day_of_week smallint NOT NULL
);

-- One row per product; its description is the latest that a line had, which is that of described_at, source and position.
CREATE TABLE warehouse.dim_product (
    stock_code   text      PRIMARY KEY,
    description  text,
    described_at timestamp NOT NULL,
    source       smallint  NOT NULL,
    position     bigint    NOT NULL
);

-- One row per customer; the country is the latest that a line had, which is that of located_at, source and position.
CREATE TABLE warehouse.dim_customer (
    customer_id text      PRIMARY KEY,
    country     text,
    located_at  timestamp NOT NULL,
    source      smallint  NOT NULL,
    position    bigint    NOT NULL
);

-- One row per country.
CREATE TABLE warehouse.dim_country (
    country text PRIMARY KEY
);

-- One row per line of an invoice, known by where it came from, as in transactions.invoice_lines. The keys of the dimensions are the
-- business's own, so a warehouse that is filled once more comes out the same. is_sale: neither a cancellation nor an adjustment, which have a
-- letter before the invoice's number, nor a line with a negative quantity or price.
CREATE TABLE warehouse.fact_sales (
    source      smallint  NOT NULL,
    position    bigint    NOT NULL,
    invoice_no  text      NOT NULL,
    stock_code  text      NOT NULL,
    customer_id text,
    country     text,
    day         date      NOT NULL,
    sold_at     timestamp NOT NULL,
    quantity    integer   NOT NULL,
    unit_price  numeric   NOT NULL,
    amount      numeric   NOT NULL,
    is_sale     boolean   NOT NULL,
    PRIMARY KEY (source, position)
);

-- One row per hour that has sales. gross: the amounts of sales; net: of all lines.
CREATE TABLE warehouse.sales_by_hour (
    hour     timestamp PRIMARY KEY,
    lines    bigint    NOT NULL,
    quantity bigint    NOT NULL,
    gross    numeric   NOT NULL,
    net      numeric   NOT NULL
);

-- One row per product and hour, of sales only.
CREATE TABLE warehouse.product_by_hour (
    hour       timestamp NOT NULL,
    stock_code text      NOT NULL,
    quantity   bigint    NOT NULL,
    revenue    numeric   NOT NULL,
    PRIMARY KEY (hour, stock_code)
);

-- One row per product and day, of sales only.
CREATE TABLE warehouse.product_by_day (
    day        date    NOT NULL,
    stock_code text    NOT NULL,
    quantity   bigint  NOT NULL,
    revenue    numeric NOT NULL,
    PRIMARY KEY (day, stock_code)
);

-- One row per invoice, cancellations and adjustments included. The customer and the country are the first that a line named, sold_at is the
-- time of its first line.
CREATE TABLE warehouse.invoice_totals (
    invoice_no  text      PRIMARY KEY,
    customer_id text,
    country     text,
    sold_at     timestamp NOT NULL,
    lines       bigint    NOT NULL,
    quantity    bigint    NOT NULL,
    gross       numeric   NOT NULL,
    net         numeric   NOT NULL
);

CREATE INDEX invoice_totals_by_time ON warehouse.invoice_totals (sold_at);

CREATE INDEX invoice_totals_by_net ON warehouse.invoice_totals (net DESC);
