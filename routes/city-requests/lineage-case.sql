-- The number of the case that is asked for.
SET VARIABLE case_number = CAST(getvariable('case')[1] AS BIGINT);
