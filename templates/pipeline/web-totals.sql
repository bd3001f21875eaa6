-- The latest totals as JSON, the largest first.
SELECT json_build_object(
           'as_of', max(as_of),
           'totals', coalesce(json_agg(json_build_object('station', station, 'readings', readings, 'total', total)
                                       ORDER BY total DESC, station), '[]'))::text
FROM __schema__.totals
WHERE as_of = (SELECT max(as_of) FROM __schema__.totals);
