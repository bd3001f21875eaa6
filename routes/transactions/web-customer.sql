-- A customer with a page of the invoices, the latest first, as JSON. In: customer, limit (optional), cursor (optional): the next_cursor of the
-- page before, which is time and number of its last invoice.
WITH page AS (
    SELECT invoice_no, country, first_line_at, lines, quantity, total
    FROM transactions.invoices
    WHERE customer_id = :#${header.customer}
      AND (CAST(:#${header.cursor} AS text) IS NULL
           OR to_char(first_line_at, 'YYYY-MM-DD"T"HH24:MI:SS.US') < split_part(:#${header.cursor}, '~', 1)
           OR (to_char(first_line_at, 'YYYY-MM-DD"T"HH24:MI:SS.US') = split_part(:#${header.cursor}, '~', 1)
               AND invoice_no > substr(:#${header.cursor}, strpos(:#${header.cursor}, '~') + 1)))
    ORDER BY first_line_at DESC, invoice_no
    LIMIT coalesce(CAST(:#${header.limit} AS integer), 100) + 1
),
shown AS (
    SELECT * FROM page ORDER BY first_line_at DESC, invoice_no LIMIT coalesce(CAST(:#${header.limit} AS integer), 100)
)
SELECT json_build_object(
           'customer_id', c.customer_id,
           'invoice_count', c.invoices,
           'total_spent', c.total,
           'first_purchase', c.first_purchase,
           'last_purchase', c.last_purchase,
           'invoices', coalesce((SELECT json_agg(shown ORDER BY first_line_at DESC, invoice_no) FROM shown), '[]'),
           'next_cursor', CASE WHEN (SELECT count(*) FROM page) > (SELECT count(*) FROM shown)
                               THEN (SELECT to_char(first_line_at, 'YYYY-MM-DD"T"HH24:MI:SS.US') || '~' || invoice_no
                                     FROM shown ORDER BY first_line_at, invoice_no DESC LIMIT 1) END)::text
FROM transactions.customers c
WHERE c.customer_id = :#${header.customer}
