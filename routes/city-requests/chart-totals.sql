-- The chosen cases in figures. Grain: one row. on_time_share: of the cases of which the city says whether they are on time; hours: of closed cases, from opening
-- to closing, without those that were closed before they were opened.
WITH steps AS (
    SELECT duration_step, count(*) AS cases FROM chosen_cases WHERE duration_step IS NOT NULL GROUP BY ALL
), ranked AS (
    SELECT duration_step, sum(cases) OVER (ORDER BY duration_step) AS so_far, sum(cases) OVER () AS total FROM steps
)
SELECT coalesce(sum(cases), 0) AS cases, coalesce(sum(cases - closed), 0) AS open, coalesce(sum(closed), 0) AS closed,
       coalesce(sum(on_time), 0) AS on_time, sum(on_time) / sum(judged) AS on_time_share,
       coalesce(sum(late), 0) AS late_closed, coalesce(sum(closed_before_opened), 0) AS closed_before_opened,
       (SELECT hours_of(min(duration_step)) FROM ranked WHERE so_far >= 0.5 * total) AS median_hours,
       (SELECT hours_of(min(duration_step)) FROM ranked WHERE so_far >= 0.9 * total) AS hours_of_90_percent
FROM chosen_groups
