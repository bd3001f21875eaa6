-- Where the chosen cases are. Grain: a cell of the map, by its middle; and one row each for cases without coordinates ('none') and for those far away ('far').
-- neighborhood: the one that most cases of the cell belong to, whatever is chosen.
WITH found AS (
    SELECT cell, count(*) AS cases, sum(on_time) / count(on_time) AS on_time_share FROM chosen_cases GROUP BY cell
)
SELECT CASE cell WHEN no_cell() THEN 'none' WHEN far_away() THEN 'far' ELSE 'cell' END AS place,
       CASE WHEN cell < no_cell() THEN round(south + (cell // 100 + 0.5) * height, 4) END AS latitude,
       CASE WHEN cell < no_cell() THEN round(west + (cell % 100 + 0.5) * width, 4) END AS longitude,
       CASE WHEN cell < no_cell() THEN CAST(cells.neighborhood AS VARCHAR) END AS neighborhood,
       found.cases, on_time_share
FROM found JOIN cells USING (cell), grid
ORDER BY cell
