-- Merges the loaded rows into the table: new days are inserted, known ones updated where they differ.
INSERT INTO {schema}.historical_stocks_data AS known
SELECT * FROM staging
ON CONFLICT (company_name, stock_date) DO UPDATE
SET open_value = excluded.open_value,
    high_value = excluded.high_value,
    low_value = excluded.low_value,
    close_value = excluded.close_value,
    volume_traded = excluded.volume_traded,
    daily_percent_change = excluded.daily_percent_change,
    value_change = excluded.value_change
WHERE (known.open_value, known.high_value, known.low_value, known.close_value, known.volume_traded)
      IS DISTINCT FROM
      (excluded.open_value, excluded.high_value, excluded.low_value, excluded.close_value, excluded.volume_traded)
