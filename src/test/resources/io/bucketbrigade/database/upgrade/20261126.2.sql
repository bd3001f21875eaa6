-- The log of a stream, with a row that no reader has dealt with.
SELECT brigade.create_stream('transactions', 8);
SELECT brigade.extend_stream('transactions', '1 day');
INSERT INTO brigade.stream_transactions (partition, position, arrived, row)
VALUES (3, 1, now(), '{"InvoiceNo": "OLD1", "StockCode": "85123A", "Description": "OLD", "Quantity": 6, "InvoiceDate": "2010-12-01T08:26:00", "UnitPrice": 2.55, "CustomerID": "17850", "Country": "France"}');
UPDATE brigade.stream_partitions SET position = 1, arrived = now() WHERE stream = 'transactions' AND partition = 3;
INSERT INTO brigade.stream_keys (stream, key, stored, used_at) VALUES ('transactions', 'an old key', '{[1,2)}', now());
INSERT INTO brigade.stream_rejected (stream, stage, number, reason, row) VALUES ('transactions', 'intake', 1, 'an old reason', '{}');
