-- What is worth reporting about a run besides its rows; each line only if there is something to report.
SELECT * FROM (
    SELECT 'total_price_differs' AS name, count(*) AS number
    FROM staging.orders
    WHERE total_price <> unit_price * quantity
    UNION ALL
    SELECT 'products_without_a_name', count(*)
    FROM if_common.dim_products
    WHERE product_name IS NULL OR product_name = product_id::text
    UNION ALL
    SELECT 'days_not_in_dim_dates', count(*)
    FROM order_days
    WHERE NOT EXISTS (SELECT FROM if_common.dim_dates WHERE calendar_dt = day)
) AS notes
WHERE number > 0;
