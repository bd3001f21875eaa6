-- A text that says something; NULL if it doesn't.
CREATE MACRO given(text) AS nullif(CASE WHEN lower(trim(text)) = 'nan' THEN '' ELSE trim(text) END, '');
-- A time as the city writes it: 2018-03-01 15:18:12, or Thu Mar 01 15:18:12 EST 2018, whose time zone is that of the city like that of all others.
CREATE MACRO moment(text) AS coalesce(try_cast(text AS TIMESTAMP), try_strptime(regexp_replace(given(text), ' E[SD]T ', ' '), '%a %b %d %H:%M:%S %Y'));
