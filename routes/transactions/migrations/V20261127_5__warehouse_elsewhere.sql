-- Where the readers "warehouse" and "redshift" have brought the lines of invoices: postgresql, which is fact_sales here, or redshift.
ALTER TABLE transactions.store ADD COLUMN warehouse text NOT NULL DEFAULT 'postgresql';
