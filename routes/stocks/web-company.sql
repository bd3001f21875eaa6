-- The days of a company as JSON, oldest first; no row if the company does not exist. In: company, from, to (the last two optional).
SELECT json_build_object('company', CAST(:#${header.company} AS text), 'days', coalesce(json_agg(json_build_object(
           'date', stock_date,
           'open', open_value::numeric,
           'high', high_value::numeric,
           'low', low_value::numeric,
           'close', close_value::numeric,
           'volume', volume_traded::numeric,
           'percent', daily_percent_change::numeric,
           'change', value_change::numeric) ORDER BY stock_date) FILTER (WHERE stock_date IS NOT NULL), '[]'))::text AS company
FROM (SELECT FROM {schema}.historical_stocks_data WHERE company_name = :#${header.company} LIMIT 1) AS there
LEFT JOIN {schema}.historical_stocks_data ON company_name = :#${header.company}
      AND stock_date >= coalesce(CAST(:#${header.from} AS text), '')
      AND stock_date <= coalesce(CAST(:#${header.to} AS text), '9999-12-31')
HAVING count(*) > 0
