INSERT INTO transactions.invoice_lines VALUES ('OLD2', 2, 1, '85123A', 'OLD', 1, '2010-12-01 08:26:00', 2.00, '17850', 'France');
INSERT INTO transactions.invoices (invoice_no, customer_id, country, first_line_at, last_line_at, lines, quantity, total) VALUES ('OLD2', '17850', 'France', '2010-12-01 08:26:00', '2010-12-01 08:26:00', 1, 1, 2.00);
INSERT INTO transactions.customers VALUES ('17850', 1, 2.00, '2010-12-01 08:26:00', '2010-12-01 08:26:00');
-- A file that was loaded, by the name that the task had then.
INSERT INTO brigade.runs (pipeline, task, trigger, state, fingerprint, inputs, rows_read, rows_counted, rows_rejected, started_at, finished_at, owner, lease_until)
VALUES ('transactions', 'sell', 'timer', 'succeeded', 'u', '[{"name": "old.csv", "path": "/old/old.csv", "size": 9}]', 1, 1, 0, now() - interval '4 d', now() - interval '4 d', 'an old process', now());
