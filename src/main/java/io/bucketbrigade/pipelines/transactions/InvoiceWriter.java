package io.bucketbrigade.pipelines.transactions;

import io.bucketbrigade.dynamodb.ConditionalPut;
import io.bucketbrigade.dynamodb.DynamoTable;
import io.bucketbrigade.dynamodb.ItemKey;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Brings lines into a table of DynamoDB, each once, although a batch may break off anywhere and come again with other boundaries.
 *
 * <p>The lines of an invoice arrive in the order of their positions, and one process at a time deals with them. So a line behind the head's position
 * is new: it is put first, however often, and then counted by putting the head, if that is still the one that was read. A line at or before the head's
 * position was counted if it is in the table; otherwise it had been rejected, is replayed now, and is put together with the head. A process that
 * was frozen finds another head than the one it read, and begins with that one.
 */
final class InvoiceWriter {
    private static final int ATTEMPTS = 5;

    private final DynamoTable table;
    private final Runnable meanwhile;

    /** @param meanwhile called once a second while a batch takes */
    InvoiceWriter(DynamoTable table, Runnable meanwhile) {
        this.table = table;
        this.meanwhile = meanwhile;
    }

    /**
     * Brings them in, all or some of them if it fails.
     *
     * @throws Problem of kind INPUT if one of the lines can't be kept; then nothing has been written
     */
    void write(List<SalesLine> batch) {
        Map<String, List<SalesLine>> invoices = batch.stream()
                .collect(Collectors.groupingBy(SalesLine::invoice, LinkedHashMap::new, Collectors.toList()));
        for (int attempt = 0; attempt < ATTEMPTS && !invoices.isEmpty(); attempt++) {
            invoices.keySet().retainAll(writeOnce(invoices));
        }
        if (!invoices.isEmpty()) {
            throw new Problem(
                    Kind.TRANSIENT,
                    "Invoice " + invoices.keySet().iterator().next() + " in the DynamoDB table " + table.name()
                            + " is changed by somebody else all the time. It is tried again.");
        }
    }

    /** @return the invoices whose heads somebody else changed meanwhile */
    private Set<String> writeOnce(Map<String, List<SalesLine>> invoices) {
        List<Change> changes = changes(invoices);
        List<ConditionalPut> heads = new ArrayList<>();
        List<Map<String, AttributeValue>> lines = new ArrayList<>();
        for (Change change : changes) {
            change.fresh().forEach(line -> lines.add(line.item()));
            if (!change.fresh().isEmpty() && change.replayed().isEmpty()) {
                heads.add(put(change.before(), change.after()));
            }
        }
        table.putAll(lines, meanwhile);
        Set<String> changed = table.putEach(heads, meanwhile).stream()
                .map(head -> InvoiceHead.read(head.item()).invoice())
                .collect(Collectors.toSet());
        for (Change change : changes) {
            if (!change.replayed().isEmpty() && !putReplayed(change)) {
                changed.add(change.after().invoice());
            }
        }
        table.putEach(
                changes.stream()
                        .map(Change::after)
                        .filter(head -> !changed.contains(head.invoice()))
                        .flatMap(InvoiceWriter::ofCustomer)
                        .toList(),
                meanwhile);
        return changed;
    }

    private static ConditionalPut put(@Nullable InvoiceHead before, InvoiceHead after) {
        return before == null
                ? ConditionalPut.ifNew(after.item())
                : ConditionalPut.ifIs(after.item(), InvoiceHead.LINES, Attributes.number(before.lines()));
    }

    /** What a customer has of an invoice is a copy that follows it; the condition keeps a frozen process from putting back an older one. */
    private static Stream<ConditionalPut> ofCustomer(InvoiceHead head) {
        return Stream.ofNullable(head.customer())
                .map(customer -> ConditionalPut.ifNewOrBelow(head.itemOf(customer), InvoiceHead.LINES));
    }

    /** Few, so one by one. */
    private boolean putReplayed(Change change) {
        InvoiceHead head = change.before();
        for (SalesLine line : change.replayed()) {
            InvoiceHead next = head == null ? InvoiceHead.of(line) : head.with(line);
            if (!table.putTogether(List.of(ConditionalPut.ifNew(line.item()), put(head, next)))) {
                return false;
            }
            head = next;
        }
        return change.fresh().isEmpty() || table.put(put(head, change.after()));
    }

    /**
     * What becomes of an invoice.
     *
     * @param before what it was; null if it is new
     * @param after what it will be
     * @param replayed lines at or before its position that are not in the table
     * @param fresh lines behind its position
     */
    private record Change(
            @Nullable InvoiceHead before, InvoiceHead after, List<SalesLine> replayed, List<SalesLine> fresh) {}

    /** Computes all of them before anything is written, so that a line that can't be kept leaves no trace. */
    private List<Change> changes(Map<String, List<SalesLine>> invoices) {
        Map<ItemKey, Map<String, AttributeValue>> heads =
                table.find(invoices.keySet().stream().map(InvoiceHead::key).toList(), meanwhile);
        Map<String, InvoiceHead> before = heads.values().stream()
                .map(InvoiceHead::read)
                .collect(Collectors.toMap(InvoiceHead::invoice, head -> head));
        Map<ItemKey, Map<String, AttributeValue>> known = table.find(
                invoices.values().stream()
                        .flatMap(List::stream)
                        .filter(line -> isLate(line, before.get(line.invoice())))
                        .map(SalesLine::key)
                        .toList(),
                meanwhile);
        List<Change> changes = new ArrayList<>();
        invoices.forEach((invoice, lines) -> changes.add(change(before.get(invoice), lines, known)));
        return changes;
    }

    private static boolean isLate(SalesLine line, @Nullable InvoiceHead head) {
        return head != null && line.position() <= head.position();
    }

    private Change change(
            @Nullable InvoiceHead before, List<SalesLine> lines, Map<ItemKey, Map<String, AttributeValue>> known) {
        List<SalesLine> replayed = new ArrayList<>();
        List<SalesLine> fresh = new ArrayList<>();
        InvoiceHead after = before;
        for (SalesLine line : lines) {
            Map<String, AttributeValue> same = known.get(line.key());
            if (same != null) {
                requireSame(line, SalesLine.read(same));
                continue;
            }
            (isLate(line, before) ? replayed : fresh).add(line);
            after = after == null ? InvoiceHead.of(line) : after.with(line);
            line.requireKept();
            after.requireKept();
        }
        return new Change(before, Objects.requireNonNull(after), replayed, fresh);
    }

    /** Positions name other lines if the database was put back to an earlier state. */
    private void requireSame(SalesLine line, SalesLine known) {
        if (!line.equals(known)) {
            throw new Problem(
                    Kind.CONFLICT,
                    "The DynamoDB table " + table.name() + " has another line of invoice " + line.invoice()
                            + " where a new one belongs: the database was restored to an earlier state. Delete the table, and fill"
                            + " all of them again with ./brigade rebuild transactions --empty.");
        }
    }
}
