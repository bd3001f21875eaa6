-- One row per file that a setting names to be fetched. state, bytes, total, rate and error: how the latest fetch of it is getting on, or how it
-- ended. fetched_from, etag, last_modified, size, sha256 and fetched_at: what the version is known by that was last put in place; NULL if none
-- was. Whoever fetches it holds it by owner until lease_until.
CREATE TABLE brigade.fetched (
    pipeline      text             NOT NULL,
    setting       text             NOT NULL,
    name          text             NOT NULL,
    source        text             NOT NULL,
    location      text             NOT NULL,
    state         text             NOT NULL CHECK (state IN ('fetching', 'fetched', 'unchanged', 'failed')),
    bytes         bigint           NOT NULL DEFAULT 0,
    total         bigint,
    rate          double precision NOT NULL DEFAULT 0,
    error         text,
    begun_at      timestamptz      NOT NULL,
    ended_at      timestamptz,
    owner         text,
    lease_until   timestamptz,
    fetched_from  text,
    etag          text,
    last_modified text,
    size          bigint,
    sha256        text,
    fetched_at    timestamptz,
    PRIMARY KEY (setting, name)
);

CREATE INDEX fetched_by_pipeline ON brigade.fetched (pipeline);
