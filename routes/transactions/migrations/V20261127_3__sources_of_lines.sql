-- The source of a line is the partition of the stream, or the number of the file that it was loaded from, of which there may be many.
ALTER TABLE transactions.invoice_lines ALTER COLUMN source TYPE integer;
ALTER TABLE warehouse.fact_sales ALTER COLUMN source TYPE integer;
ALTER TABLE warehouse.dim_product ALTER COLUMN source TYPE integer;
ALTER TABLE warehouse.dim_customer ALTER COLUMN source TYPE integer;

-- Finds the lines of a file, which are together, and costs next to nothing.
CREATE INDEX invoice_lines_by_source ON transactions.invoice_lines USING brin (source);

-- counted_before: the part of the total that was in the customer's total before the last change; null if the invoice was not the customer's
-- then. So the customer's total can be brought up to date whoever else has changed the invoice meanwhile.
ALTER TABLE transactions.invoices ADD COLUMN counted_before numeric;
