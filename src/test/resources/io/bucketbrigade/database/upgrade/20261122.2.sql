INSERT INTO historical_stocks_data VALUES ('2026-11-20', '1', '2', '1', '2', '100', '1.0', '0.5', 'Oldco');
