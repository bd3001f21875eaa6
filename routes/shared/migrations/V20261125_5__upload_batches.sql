-- One row per batch: files that are sent one after the other and put in place together. It is open while files arrive; committing from the
-- moment at which the first file may be in place until all of them are; then committed. One that nobody committed in time is dropped; one
-- of which a file was lost before it was in place has failed.
CREATE TABLE brigade.upload_batches (
    batch_id    text PRIMARY KEY,
    pipeline    text        NOT NULL,
    location    text        NOT NULL,
    files       text[]      NOT NULL,
    state       text        NOT NULL DEFAULT 'open'
                CHECK (state IN ('open', 'committing', 'committed', 'dropped', 'failed')),
    -- Grows whenever something is about to change in the location, or has: who sees the same number twice has seen whole batches only.
    generation  bigint      NOT NULL DEFAULT 0,
    begun_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    owner       text,
    lease_until timestamptz,
    -- The versions that were put in place, as runs describe their inputs, and the number of the last run before.
    placed      jsonb       NOT NULL DEFAULT '[]',
    last_run    bigint,
    error       text
);

-- Two batches for one location are put in place one after the other, whoever does it.
CREATE UNIQUE INDEX upload_batches_one_committing ON brigade.upload_batches (location) WHERE state = 'committing';

CREATE INDEX upload_batches_by_location ON brigade.upload_batches (location, generation);

CREATE SEQUENCE brigade.upload_generations;

-- One row per file that was begun to be received, until its bytes are in place or removed. "superseded" is one that was sent once more.
CREATE TABLE brigade.staged_files (
    staged_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id  text   NOT NULL REFERENCES brigade.upload_batches ON DELETE CASCADE,
    file      text   NOT NULL,
    ticket    text   NOT NULL,
    bytes     bigint NOT NULL DEFAULT 0,
    state     text   NOT NULL DEFAULT 'arriving'
              CHECK (state IN ('arriving', 'whole', 'superseded'))
);

CREATE UNIQUE INDEX staged_files_one_whole ON brigade.staged_files (batch_id, file) WHERE state = 'whole';
