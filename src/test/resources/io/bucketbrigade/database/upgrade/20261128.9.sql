INSERT INTO brigade.runs (pipeline, task, trigger, state, fingerprint, inputs, rows_read, rows_counted, rows_rejected, started_at, finished_at, owner, lease_until)
VALUES ('city-requests', 'refine', 'timer', 'succeeded', 'c', '[]', 3, 3, 0, now() - interval '3 d', now() - interval '3 d', 'an old process', now());
INSERT INTO brigade.run_steps SELECT max(run_id), 1, 'an old step', 3, 9, 9, 0.5, 9, 0 FROM brigade.runs;
INSERT INTO brigade.quality_verdicts SELECT max(run_id), 'silver', 'IsComplete "x"', 1, 'warn', true, 1, '1', '[]' FROM brigade.runs;
INSERT INTO lake.unneeded_files VALUES ('city_requests', 'silver/data/old.parquet', now());
