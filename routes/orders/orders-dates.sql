-- The days of the years seen in the orders, from Monday, 1, to Sunday, 7; weekends and the days in holidays are days off.
WITH years AS (
    SELECT DISTINCT extract(year FROM order_days.day)::integer AS year FROM order_days
)
INSERT INTO if_common.dim_dates AS known
SELECT day::date,
       year,
       extract(month FROM day),
       extract(day FROM day),
       extract(isodow FROM day),
       extract(isodow FROM day) < 6 AND NOT EXISTS (SELECT FROM holidays WHERE holidays.day = days.day::date)
FROM years,
     generate_series(make_date(year, 1, 1)::timestamp, make_date(year, 12, 31), interval '1 day') AS days (day)
ON CONFLICT (calendar_dt) DO UPDATE
SET year_num = excluded.year_num,
    month_of_the_year_num = excluded.month_of_the_year_num,
    day_of_the_month_num = excluded.day_of_the_month_num,
    day_of_the_week_num = excluded.day_of_the_week_num,
    working_day = excluded.working_day
WHERE known IS DISTINCT FROM excluded;
