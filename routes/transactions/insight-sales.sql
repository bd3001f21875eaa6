-- Sales per hour, day, month or year that has any. gross: sales without cancellations and adjustments; net: with them. In: by, from, to
-- (all optional; to is included).
SELECT CASE coalesce(:#${header.by}, 'day')
           WHEN 'hour' THEN to_char(period, 'YYYY-MM-DD"T"HH24:00')
           WHEN 'day' THEN to_char(period, 'YYYY-MM-DD')
           WHEN 'month' THEN to_char(period, 'YYYY-MM')
           ELSE to_char(period, 'YYYY') END AS period,
       lines, quantity, gross, net
FROM (SELECT date_trunc(coalesce(:#${header.by}, 'day'), hour) AS period, sum(lines) AS lines, sum(quantity) AS quantity, sum(gross) AS gross,
             sum(net) AS net
      FROM warehouse.sales_by_hour
      WHERE hour >= coalesce(CAST(:#${header.from} AS date), '-infinity') AND hour < coalesce(CAST(:#${header.to} AS date) + 1, 'infinity')
      GROUP BY 1) AS periods
ORDER BY 1
