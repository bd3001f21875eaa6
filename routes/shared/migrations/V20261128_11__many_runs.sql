-- A ledger of a million runs is asked as fast as one of ten. runs_by_state: the latest runs in a state. runs_succeeded_at: today's.
CREATE INDEX runs_by_state ON brigade.runs (pipeline, task, state, run_id);
CREATE INDEX runs_succeeded_at ON brigade.runs (pipeline, task, finished_at) WHERE state = 'succeeded';

-- outbox_unsent: what is to be sent next by a way. outbox_sent: what was sent long ago.
CREATE INDEX outbox_unsent ON brigade.outbox (way, due_at) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent ON brigade.outbox (sent_at) WHERE sent_at IS NOT NULL;
-- The files that a run loaded: as long as there are any, the run is kept.
CREATE INDEX loaded_files_by_run ON brigade.loaded_files (run_id);
DROP INDEX brigade.outbox_due;
