package io.bucketbrigade.pipelines.transactions;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A page of a customer's invoices while all of them are read, in any order: it holds no more of them than it shows, and one. */
final class InvoicePage {
    private static final Comparator<InvoiceHead> ORDER =
            Comparator.comparing(InvoiceReader::time).reversed().thenComparing(InvoiceHead::invoice);

    private final int limit;
    private final @Nullable List<String> after;
    /** The last of the page is at the head. */
    private final PriorityQueue<InvoiceHead> page = new PriorityQueue<>(ORDER.reversed());

    private long invoices;
    private BigDecimal total = BigDecimal.ZERO;
    private String first = "";
    private String last = "";

    InvoicePage(int limit, String cursor) {
        this.limit = limit;
        this.after = cursor.isEmpty() ? null : InvoiceReader.parts(cursor);
    }

    void add(InvoiceHead invoice) {
        invoices++;
        total = total.add(invoice.total());
        first = first.isEmpty() || invoice.firstLineAt().compareTo(first) < 0 ? invoice.firstLineAt() : first;
        last = invoice.lastLineAt().compareTo(last) > 0 ? invoice.lastLineAt() : last;
        if (isAfter(invoice)) {
            page.add(invoice);
            if (page.size() > limit + 1) {
                page.remove();
            }
        }
    }

    private boolean isAfter(InvoiceHead invoice) {
        if (after == null) {
            return true;
        }
        int time = InvoiceReader.time(invoice).compareTo(after.get(0));
        return time < 0 || (time == 0 && invoice.invoice().compareTo(after.get(1)) > 0);
    }

    boolean isEmpty() {
        return invoices == 0;
    }

    Map<String, Object> shown(String customer) {
        List<InvoiceHead> found = new ArrayList<>(page);
        found.sort(ORDER);
        List<InvoiceHead> here = found.subList(0, Math.min(limit, found.size()));
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("customer_id", customer);
        shown.put("invoice_count", invoices);
        shown.put("total_spent", total);
        shown.put("first_purchase", first);
        shown.put("last_purchase", last);
        shown.put("invoices", here.stream().map(InvoicePage::shown).toList());
        shown.put("next_cursor", found.size() > limit ? InvoiceReader.cursor(here.get(limit - 1)) : null);
        return shown;
    }

    private static Map<String, Object> shown(InvoiceHead invoice) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("invoice_no", invoice.invoice());
        shown.put("country", invoice.country());
        shown.put("first_line_at", invoice.firstLineAt());
        shown.put("lines", invoice.lines());
        shown.put("quantity", invoice.quantity());
        shown.put("total", invoice.total());
        return shown;
    }
}
