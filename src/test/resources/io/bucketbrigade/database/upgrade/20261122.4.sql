INSERT INTO if_common.dim_products VALUES (1, 'old', 'Old product');
INSERT INTO staging.orders VALUES (1, 1, '2026-05-04', 1, 2.50, 2, 5.00, 2);
INSERT INTO staging.reviews VALUES (4, 1, 2);
INSERT INTO staging.shipment_deliveries VALUES (1, 1, '2026-05-05', NULL, 2);
INSERT INTO analytics.agg_shipments VALUES ('2026-11-22', 41, 42);
