-- The product that sold best in each hour, day, month or year, by quantity or by revenue; of equal ones the first by code. Cancellations and
-- adjustments don't count. In: by, metric, from, to (all optional; to is included).
SELECT CASE coalesce(:#${header.by}, 'day')
           WHEN 'hour' THEN to_char(period, 'YYYY-MM-DD"T"HH24:00')
           WHEN 'day' THEN to_char(period, 'YYYY-MM-DD')
           WHEN 'month' THEN to_char(period, 'YYYY-MM')
           ELSE to_char(period, 'YYYY') END AS period,
       stock_code, description, quantity, revenue
FROM (SELECT DISTINCT ON (period) period, stock_code, quantity, revenue
      FROM (SELECT hour AS period, stock_code, quantity, revenue
            FROM warehouse.product_by_hour
            WHERE :#${header.by} = 'hour'
              AND hour >= coalesce(CAST(:#${header.from} AS date), '-infinity')
              AND hour < coalesce(CAST(:#${header.to} AS date) + 1, 'infinity')
            UNION ALL
            SELECT date_trunc(coalesce(:#${header.by}, 'day'), day::timestamp), stock_code, sum(quantity), sum(revenue)
            FROM warehouse.product_by_day
            WHERE coalesce(:#${header.by}, 'day') <> 'hour'
              AND day >= coalesce(CAST(:#${header.from} AS date), '-infinity') AND day <= coalesce(CAST(:#${header.to} AS date), 'infinity')
            GROUP BY 1, 2) AS sold
      ORDER BY period, CASE WHEN :#${header.metric} = 'revenue' THEN revenue ELSE quantity END DESC, stock_code COLLATE "C") AS best
LEFT JOIN warehouse.dim_product USING (stock_code)
ORDER BY 1
