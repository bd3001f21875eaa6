package io.bucketbrigade.rows;

import java.util.Locale;

/** How the columns of a stream may be written: InvoiceNo, invoice_no and INVOICENO are one. */
public final class ColumnNames {
    private ColumnNames() {}

    /** What all ways to write a name have in common. */
    public static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
