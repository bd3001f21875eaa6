-- Runs of the first version: 1 succeeded, 2 was given back, 3 failed.
INSERT INTO brigade.runs (pipeline, task, trigger, state, fingerprint, inputs, outputs, rows_read, rows_counted, rows_rejected, notes, error,
                          started_at, finished_at, owner, lease_until)
SELECT 'leaderboard', 'rank', 'timer', state, 'f' || ago, '[{"name": "messages.csv", "path": "/old/messages.csv", "size": 100, "modified": "2026-11-21T05:00:00Z"}]',
       CASE state WHEN 'succeeded' THEN '["/old/pipeline_result.csv", "the table leaderboard"]'::jsonb ELSE '[]' END,
       CASE state WHEN 'succeeded' THEN 9 END, CASE state WHEN 'succeeded' THEN 8 END, CASE state WHEN 'succeeded' THEN 1 END,
       CASE state WHEN 'succeeded' THEN '{"unknown_authors": 1}'::jsonb ELSE '{}' END, error,
       now() - ago * interval '1 day', now() - ago * interval '1 day', 'an old process', now() - ago * interval '1 day'
FROM (VALUES ('succeeded', NULL, 9), ('given back', 'The service was stopped before it was done.', 8),
             ('failed', 'messages.csv has no column author_id.', 7)) AS old (state, error, ago)
ORDER BY ago DESC;
