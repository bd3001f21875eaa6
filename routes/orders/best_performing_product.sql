-- Grain: one row per ingestion_date, which is the reference date; none if there are no reviews.
-- The product with the most review points in total; among equals, the one with the lowest product_id.
-- most_ordered_day: the day with the most orders of it; among equals, the earliest. NULL if nobody ordered it.
-- pct_..._star_review: shares of its reviews. Of its shipments, NULL if it has none:
-- pct_early_shipments: shipment_date < order_date + 6 days, and delivered;
-- pct_late_shipments: shipment_date >= order_date + 6 days, and not delivered.
DELETE FROM analytics.best_performing_product WHERE ingestion_date = :#${variable.today}::date;

INSERT INTO analytics.best_performing_product
WITH best AS (
    SELECT product_id,
           count(*)                            AS reviews,
           sum(review)                         AS points,
           count(*) FILTER (WHERE review = 1)  AS one_star,
           count(*) FILTER (WHERE review = 2)  AS two_stars,
           count(*) FILTER (WHERE review = 3)  AS three_stars,
           count(*) FILTER (WHERE review = 4)  AS four_stars,
           count(*) FILTER (WHERE review = 5)  AS five_stars
    FROM staging.reviews
    GROUP BY product_id
    ORDER BY sum(review) DESC, product_id
    LIMIT 1
), ordered AS (
    SELECT order_id, order_date FROM staging.orders WHERE product_id = (SELECT product_id FROM best)
), top_day AS (
    SELECT order_date FROM ordered GROUP BY order_date ORDER BY count(*) DESC, order_date LIMIT 1
), shipped AS (
    SELECT count(*) AS shipments,
           count(*) FILTER (WHERE shipment_date < order_date + 6 AND delivery_date IS NOT NULL) AS early,
           count(*) FILTER (WHERE shipment_date >= order_date + 6 AND delivery_date IS NULL)    AS late
    FROM staging.shipment_deliveries
    JOIN ordered USING (order_id)
)
SELECT :#${variable.today}::date                   AS ingestion_date,
       coalesce(product_name, product_id::text)                         AS product_name,
       order_date                                                       AS most_ordered_day,
       day_of_the_week_num BETWEEN 1 AND 5 AND NOT working_day          AS is_public_holiday,
       points                                                           AS tt_review_points,
       round(100.0 * one_star / reviews, 2)                             AS pct_one_star_review,
       round(100.0 * two_stars / reviews, 2)                            AS pct_two_star_review,
       round(100.0 * three_stars / reviews, 2)                          AS pct_three_star_review,
       round(100.0 * four_stars / reviews, 2)                           AS pct_four_star_review,
       round(100.0 * five_stars / reviews, 2)                           AS pct_five_star_review,
       round(100.0 * early / nullif(shipments, 0), 2)                   AS pct_early_shipments,
       round(100.0 * late / nullif(shipments, 0), 2)                    AS pct_late_shipments
FROM best
JOIN if_common.dim_products USING (product_id)
CROSS JOIN shipped
LEFT JOIN top_day ON true
LEFT JOIN if_common.dim_dates ON calendar_dt = order_date;
