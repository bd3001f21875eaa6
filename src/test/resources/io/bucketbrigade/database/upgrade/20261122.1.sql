-- Run 4 of stocks left a file out, run 5 was skipped; one notification was sent, and one waits.
INSERT INTO brigade.runs (pipeline, task, trigger, state, fingerprint, inputs, rows_read, rows_counted, rows_rejected, error, started_at, finished_at, owner, lease_until)
VALUES ('stocks', 'collate', 'timer', 'succeeded', 's', '[{"name": "index", "path": "/old/top_companies.txt", "size": 9}]', 2, 2, 0, NULL, now() - interval '6 d', now() - interval '6 d', 'an old process', now()),
       ('stocks', 'collate', 'timer', 'skipped', 't', '[]', NULL, NULL, NULL, 'There was a run today.', now() - interval '5 d', now() - interval '5 d', 'an old process', now());
INSERT INTO brigade.run_files VALUES (4, 1, 'OLD.csv', 2, 0, NULL), (4, 2, 'GONE.csv', 0, 0, 'It is missing.');
INSERT INTO brigade.outbox (run_id, way, subject, body, sent_at) VALUES (4, 'mail', 'Success', 'Run 4', now()), (5, 'mail', 'Skipped', 'Run 5', NULL);
