-- Whether a file of many was run before is asked for each of them.
CREATE INDEX runs_by_fingerprint ON brigade.runs (pipeline, task, fingerprint, run_id);

-- One row per file whose rows were loaded into tables beside those of a stream, known by its content: the SHA-256 of the CSV. file_id is the
-- source of its rows; those of the stream have the partition there, which is below 1000. loaded: the numbers of the rows that were loaded from
-- it; others were sent before, or rejected.
CREATE TABLE brigade.loaded_files (
    file_id   integer        GENERATED ALWAYS AS IDENTITY (START WITH 1000) PRIMARY KEY,
    pipeline  text           NOT NULL,
    content   text           NOT NULL,
    path      text           NOT NULL,
    run_id    bigint         NOT NULL,
    rows      bigint         NOT NULL DEFAULT 0,
    loaded    int8multirange NOT NULL DEFAULT '{}',
    loaded_at timestamptz    NOT NULL DEFAULT now(),
    UNIQUE (pipeline, content)
);
