-- A result as JSON, of one ingestion date or the latest. In: table, date (optional).
SELECT result
FROM (SELECT 'agg_public_holiday' AS name, ingestion_date, row_to_json(one)::text AS result FROM analytics.agg_public_holiday AS one
      UNION ALL
      SELECT 'agg_shipments', ingestion_date, row_to_json(one)::text FROM analytics.agg_shipments AS one
      UNION ALL
      SELECT 'best_performing_product', ingestion_date, row_to_json(one)::text FROM analytics.best_performing_product AS one) AS results
WHERE name = :#${header.table}
  AND (CAST(:#${header.date} AS date) IS NULL OR ingestion_date = CAST(:#${header.date} AS date))
ORDER BY ingestion_date DESC
LIMIT 1
