-- How many of the chosen cases were opened and closed, and how many were still open at the end of the month (backlog). Grain: a month, from the first in which
-- one was opened to the last in which one was opened or closed.
WITH opened AS (
    SELECT opened_month AS number, sum(cases) AS cases FROM chosen_groups GROUP BY ALL
), closed AS (
    SELECT closed_month AS number, count(*) AS cases FROM chosen_cases WHERE closed_month IS NOT NULL GROUP BY ALL
)
SELECT month_text(number) AS month, coalesce(opened.cases, 0) AS opened, coalesce(closed.cases, 0) AS closed,
       sum(coalesce(opened.cases, 0) - coalesce(closed.cases, 0)) OVER (ORDER BY number) AS backlog
FROM shown_months LEFT JOIN opened USING (number) LEFT JOIN closed USING (number)
ORDER BY number
