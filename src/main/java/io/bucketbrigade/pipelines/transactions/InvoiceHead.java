package io.bucketbrigade.pipelines.transactions;

import io.bucketbrigade.dynamodb.ItemKey;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An invoice: its lines added up. The customer and the country are the first that a line named. It is kept beside its lines, and once more beside
 * the other invoices of its customer.
 *
 * @param firstLineAt ISO 8601, as that of the lines
 * @param lines how many lines are added up; it grows with each, and so says which of two versions is the later one
 * @param position that of the last line in the log
 */
record InvoiceHead(
        String invoice,
        @Nullable String customer,
        @Nullable String country,
        String firstLineAt,
        String lastLineAt,
        long lines,
        long quantity,
        BigDecimal total,
        long position) {
    static final String INVOICE = "INVOICE#";
    static final String CUSTOMER = "CUSTOMER#";
    static final String HEAD = "HEAD";
    static final String LINES = "lines";

    /** An invoice with one line. */
    static InvoiceHead of(SalesLine line) {
        return new InvoiceHead(
                line.invoice(),
                line.customer(),
                line.country(),
                line.soldAt(),
                line.soldAt(),
                1,
                line.quantity(),
                line.amount(),
                line.position());
    }

    /** The same invoice with one line more. */
    InvoiceHead with(SalesLine line) {
        return new InvoiceHead(
                invoice,
                customer == null ? line.customer() : customer,
                country == null ? line.country() : country,
                line.soldAt().compareTo(firstLineAt) < 0 ? line.soldAt() : firstLineAt,
                line.soldAt().compareTo(lastLineAt) > 0 ? line.soldAt() : lastLineAt,
                lines + 1,
                quantity + line.quantity(),
                total.add(line.amount()),
                Math.max(position, line.position()));
    }

    /** @throws io.bucketbrigade.problems.Problem if the total has too many digits */
    void requireKept() {
        Attributes.requireKept("The total of invoice " + invoice, total);
    }

    static ItemKey key(String invoice) {
        return new ItemKey(INVOICE + invoice, HEAD);
    }

    /** The invoice as its lines have it. */
    Map<String, AttributeValue> item() {
        return put(Attributes.of(key(invoice)).put("customer_id", customer));
    }

    /** The invoice as its customer has it. */
    Map<String, AttributeValue> itemOf(String named) {
        return put(Attributes.of(new ItemKey(CUSTOMER + named, INVOICE + invoice)));
    }

    private Map<String, AttributeValue> put(Attributes attributes) {
        return attributes
                .put("country", country)
                .put("first_line_at", firstLineAt)
                .put("last_line_at", lastLineAt)
                .put(LINES, lines)
                .put("quantity", quantity)
                .put("total", total)
                .put("position", position)
                .item();
    }

    static InvoiceHead read(Map<String, AttributeValue> item) {
        Attributes attributes = Attributes.read(item);
        ItemKey key = ItemKey.of(item);
        boolean isBesideLines = key.sort().equals(HEAD);
        return new InvoiceHead(
                (isBesideLines ? key.partition() : key.sort()).substring(INVOICE.length()),
                isBesideLines
                        ? attributes.textIfAny("customer_id")
                        : key.partition().substring(CUSTOMER.length()),
                attributes.textIfAny("country"),
                attributes.text("first_line_at"),
                attributes.text("last_line_at"),
                attributes.whole(LINES),
                attributes.whole("quantity"),
                attributes.decimal("total"),
                attributes.whole("position"));
    }
}
