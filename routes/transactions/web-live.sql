-- What the tab shows, as JSON: rows stored so far, readers with how far they are behind, the sales of the latest day by hour, its best sellers, and
-- the latest invoices. The latest day is not after tomorrow (UTC), unless all are: a row with a wrong date must not hide the others. Stored are the
-- lines in the warehouse, from files too, and the rows of the stream that wait for it. More than 10 000 rejected rows are not counted on.
WITH latest AS (
    SELECT coalesce((SELECT max(hour) FROM warehouse.sales_by_hour WHERE hour < (now() AT TIME ZONE 'UTC')::date + 2),
                    (SELECT max(hour) FROM warehouse.sales_by_hour))::date AS day
), arrived AS (
    SELECT coalesce(sum(position), 0) AS rows FROM brigade.stream_partitions WHERE stream = 'transactions'
)
SELECT json_build_object(
           'arrived', (SELECT rows FROM arrived),
           'stored', (SELECT coalesce(sum(lines), 0) FROM warehouse.sales_by_hour) + (SELECT rows FROM arrived)
                     - (SELECT coalesce(sum(position), 0) FROM brigade.stream_readers WHERE stream = 'transactions' AND reader = 'warehouse'),
           'rejected', (SELECT count(*) FROM (SELECT FROM brigade.stream_rejected WHERE stream = 'transactions' LIMIT 10001) AS counted),
           'readers', (SELECT coalesce(json_agg(json_build_object('reader', reader, 'rows', rows) ORDER BY reader), '[]')
                       FROM (SELECT r.reader, sum(p.position - r.position) AS rows
                             FROM brigade.stream_readers r JOIN brigade.stream_partitions p USING (stream, partition)
                             WHERE stream = 'transactions'
                             GROUP BY r.reader) AS behind),
           'day', (SELECT day FROM latest),
           'last_day', (SELECT max(hour)::date FROM warehouse.sales_by_hour),
           'hours', (SELECT coalesce(json_agg(json_build_object('hour', extract(hour FROM hour), 'gross', gross, 'net', net) ORDER BY hour), '[]')
                     FROM warehouse.sales_by_hour, latest
                     WHERE hour >= day AND hour < day + 1),
           'best', (SELECT coalesce(json_agg(best), '[]')
                    FROM (SELECT stock_code, description, quantity, revenue
                          FROM warehouse.product_by_day LEFT JOIN warehouse.dim_product USING (stock_code)
                          WHERE day = (SELECT day FROM latest)
                          ORDER BY revenue DESC, stock_code
                          LIMIT 5) AS best),
           'invoices', (SELECT coalesce(json_agg(newest), '[]')
                        FROM (SELECT invoice_no, customer_id, country, sold_at, lines, net
                              FROM warehouse.invoice_totals
                              WHERE sold_at < (SELECT day FROM latest) + 1
                              ORDER BY sold_at DESC, invoice_no DESC
                              LIMIT 10) AS newest))::text
