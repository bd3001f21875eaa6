-- Why the chosen cases were closed, also those without a reason and those whose reason no pattern matched. Grain: a closure reason.
SELECT CAST(reason AS VARCHAR) AS reason, count(*) AS cases
FROM chosen_cases
WHERE closed = 1
GROUP BY reason
ORDER BY cases DESC, reason
