-- What run 1 left out.
UPDATE brigade.runs SET bytes_read = 100 WHERE run_id = 1;
INSERT INTO brigade.rejected_rows VALUES (1, 1, 'messages.csv', 7, 'an old reason', '7,,x');
