-- What questions about one case need, beside the tables: those that no run has published yet are there without rows. Nothing is kept in memory but where the
-- values are in files.
SET parquet_metadata_cache = true;
CREATE VIEW IF NOT EXISTS written.late_cases AS SELECT CAST(NULL AS BIGINT) AS case_enquiry_id, CAST(NULL AS BIGINT) AS _written_by WHERE false;
CREATE VIEW IF NOT EXISTS written.silver AS
    SELECT CAST(NULL AS BIGINT) AS case_enquiry_id, CAST(NULL AS VARCHAR) AS _source_file, CAST(NULL AS BIGINT) AS _source_line,
           CAST(NULL AS VARCHAR) AS _source_version, CAST(NULL AS BIGINT) AS _written_by WHERE false;
CREATE VIEW IF NOT EXISTS rejects AS
    SELECT CAST(NULL AS VARCHAR) AS "column", CAST(NULL AS VARCHAR) AS reason, CAST(NULL AS VARCHAR) AS _source_file, CAST(NULL AS BIGINT) AS _source_line WHERE false;
