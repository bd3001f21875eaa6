-- One row: which store the reader "store" has brought its rows into, and a name of this log, by which a DynamoDB table knows whose rows it holds.
CREATE TABLE transactions.store (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    log     uuid    NOT NULL DEFAULT gen_random_uuid(),
    filled  text    NOT NULL DEFAULT 'postgresql'
);

INSERT INTO transactions.store DEFAULT VALUES;
