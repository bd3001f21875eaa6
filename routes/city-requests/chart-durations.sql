-- How long the chosen cases took that are closed, without those that were closed before they were opened. Grain: a class of durations.
SELECT duration, under_hours, coalesce(cases, 0) AS cases
FROM duration_classes
     LEFT JOIN (SELECT duration_class AS class, count(*) AS cases FROM chosen_cases WHERE duration_class IS NOT NULL GROUP BY ALL) USING (class)
ORDER BY class
