-- The days on which something was ordered; gone with the transaction.
CREATE TEMPORARY TABLE order_days ON COMMIT DROP AS SELECT DISTINCT order_date AS day FROM staging.orders;
