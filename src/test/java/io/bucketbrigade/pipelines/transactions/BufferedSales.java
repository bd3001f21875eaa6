package io.bucketbrigade.pipelines.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.support.TestService;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Sales that are sent to a service with a buffer in front of its log, and what became of them. */
final class BufferedSales {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private BufferedSales() {}

    static String line(String invoice, String code) {
        return "{\"InvoiceNo\":\"" + invoice + "\",\"StockCode\":\"" + code
                + "\",\"Quantity\":1,\"InvoiceDate\":\"2010-12-01T08:26:00\",\"UnitPrice\":1.5}";
    }

    /** Rows of some invoices in turn, each invoice's numbered from 0. */
    static List<String> lines(String prefix, int invoices, int rowsEach) {
        return IntStream.range(0, invoices * rowsEach)
                .mapToObj(at -> line(prefix + at % invoices, String.format("%05d", at / invoices)))
                .toList();
    }

    static String ndjson(List<String> lines) {
        return lines.stream().collect(Collectors.joining("\n"));
    }

    static HttpResponse<String> send(TestService service, String key, String ndjson) throws Exception {
        return service.post("/transactions", ndjson, "Content-Type", "application/x-ndjson", "Idempotency-Key", key);
    }

    static void assertStored(HttpResponse<String> answer, int accepted, int duplicate) {
        assertThat(answer.body())
                .isEqualTo("{\"accepted\":" + accepted + ",\"duplicate\":" + duplicate
                        + ",\"rejected\":0,\"rejections\":[]}");
    }

    /** Waits until an invoice has so many lines in the tables. */
    static void awaitLines(TestService service, String invoices, long lines) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(count(service, invoices)).isEqualTo(lines));
    }

    static long count(TestService service, String invoices) throws Exception {
        return Long.parseLong(service.ask(
                "SELECT count(*) FROM transactions.invoice_lines WHERE invoice_no LIKE '" + invoices + "'"));
    }

    /** The invoices whose lines are not in the log in the order in which they were sent. */
    static String outOfOrder(TestService service, String invoices) throws Exception {
        return service.ask("SELECT count(*) FROM (SELECT row ->> 'StockCode' AS code,"
                + " lag(row ->> 'StockCode') OVER (PARTITION BY row ->> 'InvoiceNo' ORDER BY partition, position) AS before"
                + " FROM brigade.stream_transactions WHERE row ->> 'InvoiceNo' LIKE '" + invoices
                + "') AS lines WHERE code <= before");
    }

    static void awaitHealth(TestService service, String text) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(service.get("/observe/health").body()).contains(text));
    }
}
