CREATE SCHEMA transactions;

-- One row per line of an invoice as it was sent. The same product may be on an invoice several times, so a line is known by where it came from:
-- the partition and position in the stream's log.
CREATE TABLE transactions.invoice_lines (
    invoice_no   text      NOT NULL,
    source       smallint  NOT NULL,
    position     bigint    NOT NULL,
    stock_code   text      NOT NULL,
    description  text,
    quantity     integer   NOT NULL,
    invoice_date timestamp NOT NULL,
    unit_price   numeric   NOT NULL,
    customer_id  text,
    country      text,
    PRIMARY KEY (invoice_no, source, position)
);

-- One row per invoice: its lines added up. The customer and the country are the first that a line named.
CREATE TABLE transactions.invoices (
    invoice_no    text      PRIMARY KEY,
    customer_id   text,
    country       text,
    first_line_at timestamp NOT NULL,
    last_line_at  timestamp NOT NULL,
    lines         bigint    NOT NULL,
    quantity      bigint    NOT NULL,
    total         numeric   NOT NULL
);

CREATE INDEX invoices_by_customer ON transactions.invoices (customer_id, first_line_at DESC, invoice_no) WHERE customer_id IS NOT NULL;

-- One row per customer: the invoices added up, cancellations included.
CREATE TABLE transactions.customers (
    customer_id    text      PRIMARY KEY,
    invoices       bigint    NOT NULL,
    total          numeric   NOT NULL,
    first_purchase timestamp NOT NULL,
    last_purchase  timestamp NOT NULL
);
