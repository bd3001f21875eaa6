-- One row per file that is committed to be put in place and is not there yet; it shows what the query finds.
CREATE TABLE brigade.unfinished_files (
    location     text    NOT NULL,
    file         text    NOT NULL,
    run_id       bigint  NOT NULL,
    query        text    NOT NULL,
    only_if_rows boolean NOT NULL,
    PRIMARY KEY (location, file)
);
