CREATE SCHEMA IF NOT EXISTS if_common;
CREATE SCHEMA IF NOT EXISTS staging;
CREATE SCHEMA IF NOT EXISTS analytics;

-- One row per day.
CREATE TABLE if_common.dim_dates (
    calendar_dt           date    PRIMARY KEY,
    year_num              integer NOT NULL,
    month_of_the_year_num integer NOT NULL CHECK (month_of_the_year_num BETWEEN 1 AND 12),
    day_of_the_month_num  integer NOT NULL CHECK (day_of_the_month_num BETWEEN 1 AND 31),
    day_of_the_week_num   integer NOT NULL CHECK (day_of_the_week_num BETWEEN 0 AND 7),
    working_day           boolean NOT NULL
);

-- One row per product.
CREATE TABLE if_common.dim_products (
    product_id       bigint PRIMARY KEY,
    product_category text,
    product_name     text
);

-- One row per order, as the latest orders.csv has them; line is where it stands there.
CREATE TABLE staging.orders (
    order_id    bigint  PRIMARY KEY,
    customer_id bigint  NOT NULL,
    order_date  date    NOT NULL,
    product_id  bigint  NOT NULL REFERENCES if_common.dim_products,
    unit_price  numeric NOT NULL,
    quantity    integer NOT NULL CHECK (quantity > 0),
    total_price numeric NOT NULL,
    line        bigint
);

-- One row per review, as the latest reviews.csv has them; line is where it stands there.
CREATE TABLE staging.reviews (
    review     integer NOT NULL CHECK (review BETWEEN 1 AND 5),
    product_id bigint  NOT NULL REFERENCES if_common.dim_products,
    line       bigint
);

-- One row per shipment, as the latest shipment_deliveries.csv has them; line is where it stands there.
CREATE TABLE staging.shipment_deliveries (
    shipment_id   bigint PRIMARY KEY,
    order_id      bigint NOT NULL REFERENCES staging.orders,
    shipment_date date,
    delivery_date date,
    line          bigint
);

-- One row per ingestion_date: orders of the year before it that were placed on a public holiday, by month.
CREATE TABLE analytics.agg_public_holiday (
    ingestion_date   date   PRIMARY KEY,
    tt_order_hol_jan bigint NOT NULL,
    tt_order_hol_feb bigint NOT NULL,
    tt_order_hol_mar bigint NOT NULL,
    tt_order_hol_apr bigint NOT NULL,
    tt_order_hol_may bigint NOT NULL,
    tt_order_hol_jun bigint NOT NULL,
    tt_order_hol_jul bigint NOT NULL,
    tt_order_hol_aug bigint NOT NULL,
    tt_order_hol_sep bigint NOT NULL,
    tt_order_hol_oct bigint NOT NULL,
    tt_order_hol_nov bigint NOT NULL,
    tt_order_hol_dec bigint NOT NULL
);

-- One row per ingestion_date: shipments that left late and didn't arrive, and shipments that never left.
CREATE TABLE analytics.agg_shipments (
    ingestion_date       date   PRIMARY KEY,
    tt_late_shipments    bigint NOT NULL,
    tt_undelivered_items bigint NOT NULL
);

-- One row per ingestion_date on which there were reviews: the product with the most review points.
CREATE TABLE analytics.best_performing_product (
    ingestion_date        date   PRIMARY KEY,
    product_name          text   NOT NULL,
    most_ordered_day      date,
    is_public_holiday     boolean,
    tt_review_points      bigint NOT NULL,
    pct_one_star_review   numeric(5, 2) NOT NULL,
    pct_two_star_review   numeric(5, 2) NOT NULL,
    pct_three_star_review numeric(5, 2) NOT NULL,
    pct_four_star_review  numeric(5, 2) NOT NULL,
    pct_five_star_review  numeric(5, 2) NOT NULL,
    pct_early_shipments   numeric(5, 2),
    pct_late_shipments    numeric(5, 2)
);

-- One row per order whose total_price is not what unit_price and quantity make; it is taken all the same.
CREATE VIEW staging.orders_warnings AS
SELECT 'orders.csv' AS file,
       line,
       'total_price: ''' || total_price || ''' is not unit_price x quantity, which is ' || unit_price * quantity AS reason
FROM staging.orders
WHERE total_price <> unit_price * quantity
ORDER BY line;
