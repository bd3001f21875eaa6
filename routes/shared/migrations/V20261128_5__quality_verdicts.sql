-- What came of each quality rule in a run. Grain: a rule (as it is written) for a table in a run; number is its place in the file.
-- measured is NULL where there was nothing to measure; samples are some rows that break the rule, as JSON. Those of a pipeline's last 100 runs are kept.
CREATE TABLE brigade.quality_verdicts (
    run_id     bigint           NOT NULL REFERENCES brigade.runs ON DELETE CASCADE,
    table_name text             NOT NULL,
    rule       text             NOT NULL,
    number     integer          NOT NULL,
    severity   text             NOT NULL CHECK (severity IN ('error', 'warn')),
    passed     boolean          NOT NULL,
    measured   double precision,
    expected   text             NOT NULL,
    samples    json             NOT NULL,
    PRIMARY KEY (run_id, table_name, rule)
);
