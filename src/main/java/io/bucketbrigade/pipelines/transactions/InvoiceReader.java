package io.bucketbrigade.pipelines.transactions;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bucketbrigade.dynamodb.DynamoTable;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Answers what the SQL of the calls answers, from a table of DynamoDB. */
final class InvoiceReader {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();
    /** So that texts are in the order of time. */
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT);

    private static final String BETWEEN = "~";

    private final DynamoTable table;

    InvoiceReader(DynamoTable table) {
        this.table = table;
    }

    /** An invoice with its lines in the order in which they arrived. Lines that its head does not count yet are not shown. */
    Optional<String> invoice(String invoice) {
        InvoiceLines found = new InvoiceLines();
        table.query(InvoiceHead.INVOICE + invoice, found::add);
        return found.head().map(head -> json(found.shown(head)));
    }

    /**
     * A customer with a page of the invoices, the latest first. All invoices of the customer are read for it, but never held at once.
     *
     * @param limit how many at most
     * @param cursor the next_cursor of the page before; blank for the first page
     */
    Optional<String> customer(String customer, int limit, String cursor) {
        InvoicePage page = new InvoicePage(limit, cursor);
        table.query(InvoiceHead.CUSTOMER + customer, item -> page.add(InvoiceHead.read(item)));
        return page.isEmpty() ? Optional.empty() : Optional.of(json(page.shown(customer)));
    }

    /** Where an invoice is in the order of pages. */
    static String cursor(InvoiceHead invoice) {
        return time(invoice) + BETWEEN + invoice.invoice();
    }

    static String time(InvoiceHead invoice) {
        return LocalDateTime.parse(invoice.firstLineAt()).format(MICROSECONDS);
    }

    /** Time and invoice of a cursor. */
    static List<String> parts(String cursor) {
        return List.of(cursor.split(BETWEEN, 2));
    }

    private static String json(Map<String, Object> answer) {
        try {
            return JSON.writeValueAsString(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
