-- The rejected rows as the run's record keeps them. Grain: a row per rejected row of a file: file, line, column, reason, text.
SELECT _source_file, _source_line, "column", reason, text FROM rejects ORDER BY _source_file, _source_line
