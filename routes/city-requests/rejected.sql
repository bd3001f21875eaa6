SELECT _source_file, _source_line, "column", reason, text FROM rejects ORDER BY _source_file, _source_line
