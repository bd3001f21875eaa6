package io.bucketbrigade.pipelines.transactions;

import io.bucketbrigade.dynamodb.ItemKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** An invoice while it is read: its head comes first, then its lines. */
final class InvoiceLines {
    private @Nullable InvoiceHead head;
    private final List<SalesLine> lines = new ArrayList<>();

    void add(Map<String, AttributeValue> item) {
        if (ItemKey.of(item).sort().equals(InvoiceHead.HEAD)) {
            head = InvoiceHead.read(item);
        } else {
            lines.add(SalesLine.read(item));
        }
    }

    Optional<InvoiceHead> head() {
        return Optional.ofNullable(head);
    }

    Map<String, Object> shown(InvoiceHead of) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("invoice_no", of.invoice());
        shown.put("customer_id", of.customer());
        shown.put("country", of.country());
        shown.put("first_line_at", of.firstLineAt());
        shown.put("last_line_at", of.lastLineAt());
        shown.put("quantity", of.quantity());
        shown.put("total", of.total());
        shown.put(
                "lines",
                lines.stream()
                        .filter(line -> line.position() <= of.position())
                        .map(InvoiceLines::shown)
                        .toList());
        return shown;
    }

    private static Map<String, Object> shown(SalesLine line) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("stock_code", line.stockCode());
        shown.put("description", line.description());
        shown.put("quantity", line.quantity());
        shown.put("invoice_date", line.soldAt());
        shown.put("unit_price", line.unitPrice());
        shown.put("amount", line.amount());
        return shown;
    }
}
