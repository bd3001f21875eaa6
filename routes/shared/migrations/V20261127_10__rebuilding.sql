-- Whether the tables of a stream are being rebuilt, or that was interrupted: no file is loaded then, because which of its rows were sent is
-- known when all rows are back in the log. stream_logs.restoring: the log had no rows before, so it accepts none either.
ALTER TABLE brigade.stream_logs ADD COLUMN rebuilding boolean NOT NULL DEFAULT false;
