-- A product that was ordered but has no name gets its id as its name.
INSERT INTO if_common.dim_products (product_id, product_name)
SELECT product_id, product_id::text
FROM (SELECT DISTINCT product_id FROM staging.orders) AS ordered
WHERE NOT EXISTS (SELECT FROM if_common.dim_products AS named WHERE named.product_id = ordered.product_id);
