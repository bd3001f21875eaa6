-- Files in the folders of lakes that no table needs any more, and since when that is known. Grain: a file. It is removed when that is long enough ago, so
-- that who reads it can finish.
CREATE TABLE lake.unneeded_files (
    namespace text        NOT NULL,
    name      text        NOT NULL,
    since     timestamptz NOT NULL,
    PRIMARY KEY (namespace, name)
);
