-- The latest results as JSON, null where there are none, with the shipments of the last year of runs, the oldest first.
SELECT json_build_object(
           'agg_public_holiday',
           (SELECT row_to_json(one) FROM analytics.agg_public_holiday AS one ORDER BY ingestion_date DESC LIMIT 1),
           'best_performing_product',
           (SELECT row_to_json(one) FROM analytics.best_performing_product AS one ORDER BY ingestion_date DESC LIMIT 1),
           'agg_shipments',
           (SELECT coalesce(json_agg(row_to_json(one) ORDER BY ingestion_date), '[]')
            FROM (SELECT * FROM analytics.agg_shipments ORDER BY ingestion_date DESC LIMIT 366) AS one))::text AS results
