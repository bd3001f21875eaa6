-- The days of a company as they were loaded, oldest first. In: company, from, to (the last two optional).
SELECT stock_date, open_value, high_value, low_value, close_value, volume_traded, daily_percent_change, value_change, company_name
FROM {schema}.historical_stocks_data
WHERE company_name = :#${header.company}
  AND stock_date >= coalesce(CAST(:#${header.from} AS text), '')
  AND stock_date <= coalesce(CAST(:#${header.to} AS text), '9999-12-31')
ORDER BY stock_date
