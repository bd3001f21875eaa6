-- One row per company and day, as it came: a row is known by company_name and stock_date.
CREATE TABLE historical_stocks_data (
    stock_date           varchar(56),
    open_value           varchar(56),
    high_value           varchar(56),
    low_value            varchar(56),
    close_value          varchar(56),
    volume_traded        varchar(56),
    daily_percent_change varchar(56),
    value_change         varchar(56),
    company_name         varchar(56)
);

CREATE UNIQUE INDEX historical_stocks_data_by_company ON historical_stocks_data (company_name, stock_date);

-- The same rows with types, for people who calculate.
CREATE VIEW historical_stocks AS
SELECT company_name,
       stock_date::date              AS stock_date,
       open_value::numeric           AS open_value,
       high_value::numeric           AS high_value,
       low_value::numeric            AS low_value,
       close_value::numeric          AS close_value,
       volume_traded::bigint         AS volume_traded,
       daily_percent_change::numeric AS daily_percent_change,
       value_change::numeric         AS value_change
FROM historical_stocks_data;
