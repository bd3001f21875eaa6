-- "released" is a run that was stopped, whose inputs changed or whose process died; its work is done by another.
ALTER TABLE brigade.runs DROP CONSTRAINT runs_state_check;
UPDATE brigade.runs SET state = 'released' WHERE state = 'given back';
ALTER TABLE brigade.runs ADD CONSTRAINT runs_state_check
    CHECK (state IN ('running', 'succeeded', 'failed', 'released', 'skipped'));
