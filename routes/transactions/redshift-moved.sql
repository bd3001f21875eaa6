-- All rows of a batch were rejected; the warehouse is behind them all the same. In: moved.
LOCK {schema}.loaded_rows;

UPDATE {schema}.loaded_rows SET position = CASE source {moved} ELSE position END;
