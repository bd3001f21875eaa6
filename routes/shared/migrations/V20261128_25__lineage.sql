-- What distinguishes this database from all others, so that runs have the same id wherever they are reported. One row.
CREATE TABLE brigade.installation (
    id     uuid    NOT NULL DEFAULT gen_random_uuid(),
    single boolean NOT NULL DEFAULT true PRIMARY KEY CHECK (single)
);

INSERT INTO brigade.installation DEFAULT VALUES;

-- A run may send several things the same way: the event of its start, and that of its end.
ALTER TABLE brigade.outbox DROP CONSTRAINT outbox_run_id_way_key;
ALTER TABLE brigade.outbox ADD CONSTRAINT outbox_run_id_way_subject_key UNIQUE (run_id, way, subject);
