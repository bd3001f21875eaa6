-- An invoice with its lines in the order in which they arrived, as JSON. In: invoice.
SELECT json_build_object(
           'invoice_no', i.invoice_no,
           'customer_id', i.customer_id,
           'country', i.country,
           'first_line_at', i.first_line_at,
           'last_line_at', i.last_line_at,
           'quantity', i.quantity,
           'total', i.total,
           'lines', (SELECT json_agg(json_build_object(
                                'stock_code', l.stock_code,
                                'description', l.description,
                                'quantity', l.quantity,
                                'invoice_date', l.invoice_date,
                                'unit_price', l.unit_price,
                                'amount', l.quantity * l.unit_price) ORDER BY l.source, l.position)
                     FROM transactions.invoice_lines l
                     WHERE l.invoice_no = i.invoice_no))::text
FROM transactions.invoices i
WHERE i.invoice_no = :#${header.invoice}
