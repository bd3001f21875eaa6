-- Grain: one row per station and as_of, the latest day in readings.csv. Rows of earlier days stay: they are the history.
DELETE FROM __schema__.totals WHERE as_of = (SELECT max(day) FROM __schema__.readings);

INSERT INTO __schema__.totals (as_of, station, readings, total)
SELECT (SELECT max(day) FROM __schema__.readings), station, count(*), sum(level)
FROM __schema__.readings
GROUP BY station;
