-- Grain: one row per ingestion_date, which is the reference date R.
-- Orders with R - 1 year <= order_date < R on a public holiday (Monday to Friday, and not a working day), by month.
DELETE FROM analytics.agg_public_holiday WHERE ingestion_date = :#${variable.today}::date;

INSERT INTO analytics.agg_public_holiday
SELECT :#${variable.today}::date AS ingestion_date,
       coalesce(sum(orders) FILTER (WHERE month_of_the_year_num = 1), 0)  AS tt_order_hol_jan,
       coalesce(sum(orders) FILTER (WHERE month_of_the_year_num = 2), 0)  AS tt_order_hol_feb,
       coalesce(sum(orders) FILTER (WHERE month_of_the_year_num = 3), 0)  AS tt_order_hol_mar,
       coalesce(sum(orders) FILTER (WHERE month_of_the_year_num = 4), 0)  AS tt_order_hol_apr,
       coalesce(sum(orders) FILTER (WHERE month_of_the_year_num = 5), 0)  AS tt_order_hol_may,
       coalesce(sum(orders) FILTER (WHERE month_of_the_year_num = 6), 0)  AS tt_order_hol_jun,
       coalesce(sum(orders) FILTER (WHERE month_of_the_year_num = 7), 0)  AS tt_order_hol_jul,
       coalesce(sum(orders) FILTER (WHERE month_of_the_year_num = 8), 0)  AS tt_order_hol_aug,
       coalesce(sum(orders) FILTER (WHERE month_of_the_year_num = 9), 0)  AS tt_order_hol_sep,
       coalesce(sum(orders) FILTER (WHERE month_of_the_year_num = 10), 0) AS tt_order_hol_oct,
       coalesce(sum(orders) FILTER (WHERE month_of_the_year_num = 11), 0) AS tt_order_hol_nov,
       coalesce(sum(orders) FILTER (WHERE month_of_the_year_num = 12), 0) AS tt_order_hol_dec
FROM (SELECT order_date, count(*) AS orders
      FROM staging.orders
      WHERE order_date >= (SELECT (:#${variable.today}::date - interval '1 year')::date)
        AND order_date < :#${variable.today}::date
      GROUP BY order_date) AS days
JOIN if_common.dim_dates ON calendar_dt = order_date
WHERE day_of_the_week_num BETWEEN 1 AND 5
  AND NOT working_day;
