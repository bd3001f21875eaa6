-- Whether a rebuild took the rows of a file out of the tables. They are in no archive, so the file is needed once more; it is loaded when it is
-- found. stream_logs.rebuilding: until all rows of the archive are in the tables, not only in the log.
ALTER TABLE brigade.loaded_files ADD COLUMN is_wanted boolean NOT NULL DEFAULT false;
