-- The average sales of an hour, a day, a month and a year, over those that have any. In: from, to (optional; to is included).
SELECT by, count(*) AS periods, round(avg(gross), 2) AS average_gross, round(avg(net), 2) AS average_net
FROM (SELECT by, date_trunc(by, hour) AS period, sum(gross) AS gross, sum(net) AS net
      FROM warehouse.sales_by_hour CROSS JOIN unnest(ARRAY['hour', 'day', 'month', 'year']) AS by
      WHERE hour >= coalesce(CAST(:#${header.from} AS date), '-infinity') AND hour < coalesce(CAST(:#${header.to} AS date) + 1, 'infinity')
      GROUP BY 1, 2) AS periods
GROUP BY by
ORDER BY array_position(ARRAY['hour', 'day', 'month', 'year'], by)
