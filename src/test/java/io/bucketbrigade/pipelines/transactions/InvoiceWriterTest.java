package io.bucketbrigade.pipelines.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.dynamodb.DynamoTable;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.support.BusyDynamo;
import io.bucketbrigade.support.TestDynamo;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

@Tag("slow")
class InvoiceWriterTest {
    private final String name = TestDynamo.newTable();
    private final DynamoTable table = new DynamoTable(TestDynamo.client(), name);

    private DynamoTable made() {
        table.create();
        return table;
    }

    private DynamoTable same(ExecutionInterceptor interceptor) {
        return new DynamoTable(TestDynamo.client(interceptor), name);
    }

    private static void write(DynamoTable into, List<SalesLine> lines) {
        new InvoiceWriter(into, () -> {}).write(lines);
    }

    private static SalesLine line(String invoice, long position, String price, @Nullable String customer) {
        return new SalesLine(
                invoice,
                3,
                position,
                "22386",
                null,
                (int) (position % 7) - 2,
                "2010-12-0" + (1 + position % 9) + "T08:26:00",
                new BigDecimal(price),
                customer,
                "France");
    }

    private static List<SalesLine> lines(int count, int invoices) {
        Random random = new Random(17);
        return IntStream.rangeClosed(1, count)
                .mapToObj(at -> line(
                        "I" + random.nextInt(invoices),
                        at,
                        random.nextInt(1000) + (random.nextBoolean() ? ".50" : ".00001"),
                        random.nextInt(3) == 0 ? null : "C" + at % 3))
                .toList();
    }

    private static long count(DynamoTable in, String invoice) {
        return in.find(List.of(InvoiceHead.key(invoice)), () -> {}).values().stream()
                .map(InvoiceHead::read)
                .mapToLong(InvoiceHead::lines)
                .sum();
    }

    /** Invoices and customers of some lines, summed up in the plainest way, against what the table answers. */
    private void assertHolds(List<SalesLine> lines) throws Exception {
        InvoiceReader reader = new InvoiceReader(table);
        Map<String, BigDecimal> totals = new TreeMap<>();
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, String> customers = new TreeMap<>();
        for (SalesLine line : lines) {
            totals.merge(line.invoice(), line.amount(), BigDecimal::add);
            counts.merge(line.invoice(), 1, Integer::sum);
            if (line.customer() != null) {
                customers.putIfAbsent(line.invoice(), line.customer());
            }
        }
        Map<String, BigDecimal> spent = new TreeMap<>();
        customers.forEach((invoice, customer) ->
                spent.merge(customer, totals.getOrDefault(invoice, BigDecimal.ZERO), BigDecimal::add));
        totals.forEach((invoice, total) -> assertThat(reader.invoice(invoice).orElseThrow())
                .as(invoice)
                .contains("\"total\":" + total.toPlainString() + ",")
                .satisfies(
                        json -> assertThat(json.split("stock_code", -1)).hasSize(counts.getOrDefault(invoice, 0) + 1)));
        spent.forEach((customer, total) -> assertThat(
                        reader.customer(customer, 1000, "").orElseThrow())
                .as(customer)
                .contains("\"total_spent\":" + total.toPlainString() + ",")
                .contains("\"invoice_count\":"
                        + customers.values().stream().filter(customer::equals).count() + ","));
    }

    /** Breaks a call off, before or after the server has done it. */
    private static final class Breaking implements ExecutionInterceptor {
        private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
        private volatile boolean after;

        void breakIn(int calls, boolean afterIsDone) {
            left.set(calls);
            after = afterIsDone;
        }

        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            if (left.decrementAndGet() < 0 && !after) {
                throw new IllegalStateException("broken off before");
            }
        }

        @Override
        public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
            if (left.get() < 0 && after) {
                throw new IllegalStateException("broken off after");
            }
        }
    }

    @Test
    void a_batch_that_breaks_off_anywhere_and_comes_again_with_other_boundaries_counts_each_line_once()
            throws Exception {
        Breaking breaking = new Breaking();
        made();
        DynamoTable broken = same(breaking);
        List<SalesLine> lines = lines(400, 12);
        Random random = new Random(5);
        int done = 0;
        int breaks = 0;
        while (done < lines.size()) {
            int end = Math.min(lines.size(), done + 1 + random.nextInt(60));
            breaking.breakIn(random.nextInt(40), random.nextBoolean());
            try {
                write(broken, lines.subList(done, end));
                done = end;
            } catch (IllegalStateException brokenOff) {
                breaks++;
            }
        }
        assertThat(breaks).isGreaterThan(5);
        assertHolds(lines);
    }

    @Test
    void what_is_left_unprocessed_or_throttled_is_tried_again_until_all_of_it_is_there() throws Exception {
        BusyDynamo busy = new BusyDynamo();
        made();
        List<SalesLine> lines = lines(130, 40);
        DynamoTable throttled = same(busy);
        write(throttled, lines.subList(0, 70));
        write(throttled, lines.subList(70, 130));
        assertThat(busy.unprocessed()).isGreaterThan(60);
        assertThat(busy.refused()).isGreaterThan(10);
        assertHolds(lines);
    }

    @Test
    void a_row_that_was_rejected_and_is_replayed_behind_later_ones_counts_once() throws Exception {
        made();
        List<SalesLine> lines = lines(30, 2);
        SalesLine rejected = lines.get(11);
        write(table, lines.stream().filter(Predicate.not(rejected::equals)).toList());
        long before = count(table, rejected.invoice());
        write(table, List.of(rejected));
        write(table, List.of(rejected));
        assertThat(count(table, rejected.invoice())).isEqualTo(before + 1);
        write(table, lines);
        assertHolds(lines);
    }

    @Test
    void a_process_that_was_frozen_writes_no_older_state_over_a_newer_one() throws Exception {
        made();
        List<SalesLine> lines = lines(60, 3);
        write(table, lines.subList(0, 10));
        AtomicInteger puts = new AtomicInteger();
        DynamoTable frozen = same(new ExecutionInterceptor() {
            @Override
            public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
                if (context.request() instanceof PutItemRequest && puts.incrementAndGet() == 1) {
                    write(table, lines.subList(10, 60));
                }
            }
        });
        write(frozen, lines.subList(10, 30));
        assertHolds(lines);
    }

    @Test
    void a_line_with_more_digits_than_DynamoDB_keeps_is_refused_and_leaves_no_trace() {
        made();
        String tooLong = "1".repeat(39);
        List<SalesLine> lines = List.of(line("D1", 1, "2.50", "C1"), line("D1", 2, tooLong, "C1"));
        assertThatThrownBy(() -> write(table, lines)).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.kind()).isEqualTo(Kind.INPUT);
            assertThat(problem.sentence())
                    .isEqualTo("UnitPrice has 39 digits, and DynamoDB keeps at most 38 of a number.");
        });
        assertThat(table.some(1)).isEmpty();
        List<SalesLine> sum = new ArrayList<>(List.of(line("D1", 5, "1" + "0".repeat(36), "C1")));
        sum.add(line("D1", 6, "0.00001", "C1"));
        assertThatThrownBy(() -> write(table, sum)).hasMessageContaining("The total of invoice D1 has 42 digits");
    }

    @Test
    void numbers_and_texts_come_back_as_they_were() {
        made();
        for (String price : List.of("2.10", "0.00", "0", "1000", "18.00001", "-11062.060", "0.0000001")) {
            SalesLine line = new SalesLine(
                    "N" + price,
                    0,
                    7,
                    "gift_0001_20",
                    "say \"£5\", {x}",
                    -80995,
                    "2012-02-29T00:00:00.5",
                    new BigDecimal(price),
                    "17850",
                    null);
            write(table, List.of(line));
            assertThat(table.find(List.of(line.key()), () -> {}).values().stream()
                            .map(SalesLine::read))
                    .containsExactly(line);
        }
    }

    @Test
    void another_line_at_the_same_position_stops_instead_of_being_passed_over() {
        made();
        write(table, List.of(line("R1", 1, "1", "C1"), line("R1", 2, "1", "C1")));
        assertThatThrownBy(() -> write(table, List.of(line("R1", 2, "5", "C1"))))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Kind.CONFLICT))
                .hasMessageContaining("the database was restored to an earlier state");
    }
}
