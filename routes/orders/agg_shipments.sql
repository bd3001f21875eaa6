-- Grain: one row per ingestion_date, which is the reference date R. Over all orders:
-- late: shipment_date >= order_date + 6 days, and not delivered;
-- undelivered: neither shipped nor delivered, and order_date + 15 days <= R.
DELETE FROM analytics.agg_shipments WHERE ingestion_date = :#${variable.today}::date;

INSERT INTO analytics.agg_shipments
SELECT :#${variable.today}::date AS ingestion_date,
       count(*) FILTER (WHERE shipment_date >= order_date + 6) AS tt_late_shipments,
       count(*) FILTER (WHERE shipment_date IS NULL
                          AND order_date + 15 <= :#${variable.today}::date) AS tt_undelivered_items
FROM staging.shipment_deliveries
JOIN staging.orders USING (order_id)
WHERE delivery_date IS NULL;
