CREATE SCHEMA IF NOT EXISTS __schema__;

-- One row per row of the latest readings.csv.
CREATE TABLE __schema__.readings (
    station text    NOT NULL,
    day     date    NOT NULL,
    level   numeric NOT NULL
);

-- One row per station and as_of, the latest day in the readings.csv of a run.
CREATE TABLE __schema__.totals (
    as_of    date    NOT NULL,
    station  text    NOT NULL,
    readings bigint  NOT NULL,
    total    numeric NOT NULL,
    PRIMARY KEY (as_of, station)
);
