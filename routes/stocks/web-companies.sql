-- The companies with their first and last day, last close, and the closes of the last thirty days, as JSON. The index finds
-- companies and days one after the other, however many rows there are.
WITH RECURSIVE companies AS (
    SELECT min(company_name) AS company FROM {schema}.historical_stocks_data
    UNION ALL
    SELECT (SELECT min(company_name) FROM {schema}.historical_stocks_data WHERE company_name > before.company)
    FROM companies AS before
    WHERE before.company IS NOT NULL
)
SELECT json_build_object('companies', coalesce(json_agg(json_build_object(
           'company', company,
           'first_day', (SELECT min(stock_date) FROM {schema}.historical_stocks_data WHERE company_name = company),
           'last_day', latest.days[cardinality(latest.days)],
           'last_close', latest.closes[cardinality(latest.closes)],
           'closes', latest.closes) ORDER BY company), '[]'))::text AS companies
FROM companies,
     LATERAL (SELECT array_agg(stock_date ORDER BY stock_date) AS days,
                     array_agg(close_value::numeric ORDER BY stock_date) AS closes
              FROM (SELECT stock_date, close_value
                    FROM {schema}.historical_stocks_data
                    WHERE company_name = company
                    ORDER BY stock_date DESC
                    LIMIT 30) AS last_days) AS latest
WHERE company IS NOT NULL
