INSERT INTO brigade.upload_batches (batch_id, pipeline, location, files, state, generation, expires_at, ended_at, placed, last_run)
VALUES ('old', 'leaderboard', '/old', '{messages.csv,users.csv}', 'committed', nextval('brigade.upload_generations'), now(), now(), '[]', 1);
