-- Rows that could not be accepted are forgotten when they are old.
CREATE INDEX stream_rejected_age ON brigade.stream_rejected (stream, rejected_at) WHERE stage = 'intake';
