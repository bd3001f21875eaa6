package io.bucketbrigade.pipelines.transactions;

import static io.bucketbrigade.support.ProblemAnswer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.streams.Streams;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TransactionsTest extends SalesService {
    @Test
    void an_invoice_has_its_lines_as_they_were_sent_equal_ones_too() throws Exception {
        String twice = line("A1", "22386", 10, "1.95", "13001");
        assertThat(post(twice)).isEqualTo(stored(1, 0));
        assertThat(post("[" + twice + "," + line("A1", "POST", 1, "18.00001", "13001") + "]"))
                .isEqualTo(stored(2, 0));
        JsonNode invoice = awaitLines("A1", 3);
        assertThat(invoice.path("total").decimalValue()).isEqualByComparingTo("57.00001");
        assertThat(invoice.path("quantity").asInt()).isEqualTo(21);
        assertThat(invoice.path("lines").findValuesAsText("stock_code")).containsExactly("22386", "22386", "POST");
    }

    @Test
    void cancellations_adjustments_and_free_gifts_are_kept_and_count_with_their_sign() throws Exception {
        post("[" + line("C536379", "D", -80995, "27.5", "14527") + "," + line("A563185", "B", 1, "-11062.06", "14527")
                + "," + line("G1", "gift_0001_20", 1, "0", "14527") + "]");
        awaitLines("G1", 1);
        awaitLines("A563185", 1);
        awaitLines("C536379", 1);
        JsonNode found = customer("14527", "");
        assertThat(found.path("total_spent").decimalValue()).isEqualByComparingTo("-2238424.56");
        assertThat(found.path("invoice_count").asInt()).isEqualTo(3);
    }

    @Test
    void an_invoice_whose_customer_is_named_late_belongs_to_that_customer_as_a_whole() throws Exception {
        post(line("L1", "a", 2, "1.50", "", "2011-02-03T10:00:00"));
        awaitLines("L1", 1);
        post(line("L1", "b", 1, "4", "15001", "2011-02-03T10:01:00"));
        awaitLines("L1", 2);
        post(line("L1", "c", 1, "0.25", "", "2011-02-02T10:01:00"));
        awaitLines("L1", 3);
        JsonNode found = customer("15001", "");
        assertThat(found.path("total_spent").decimalValue()).isEqualByComparingTo("7.25");
        assertThat(found.path("invoice_count").asInt()).isEqualTo(1);
        assertThat(found.path("first_purchase").asText()).isEqualTo("2011-02-02T10:01:00");
        assertThat(found.path("last_purchase").asText()).isEqualTo("2011-02-03T10:01:00");
        assertThat(get("/transactions/invoices/L1").path("customer_id").asText())
                .isEqualTo("15001");
    }

    @Test
    void a_customer_number_that_a_spreadsheet_made_a_decimal_is_the_same_customer() throws Exception {
        post("[" + line("S1", "a", 1, "1", "16001") + "," + line("S2", "a", 1, "1", "16001.0") + "]");
        awaitLines("S2", 1);
        awaitLines("S1", 1);
        assertThat(customer("16001", "").path("invoice_count").asInt()).isEqualTo(2);
    }

    @Test
    void a_customers_invoices_are_paged_the_latest_first_each_once() throws Exception {
        post(IntStream.range(0, 25)
                .mapToObj(at -> line("P" + at, "a", 1, "1", "17001", "2011-03-0" + (1 + at / 10) + "T12:00:00"))
                .collect(Collectors.joining(",", "[", "]")));
        await().until(() -> customer("17001", "").path("invoices").size() == 25);
        List<String> all = customer("17001", "").path("invoices").findValuesAsText("invoice_no");
        assertThat(all.subList(0, 5)).containsExactly("P20", "P21", "P22", "P23", "P24");
        List<String> paged = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonNode page = customer("17001", "?limit=10" + cursor);
            paged.addAll(page.path("invoices").findValuesAsText("invoice_no"));
            JsonNode next = page.path("next_cursor");
            cursor = next.isNull() ? "" : "&cursor=" + URLEncoder.encode(next.asText(), StandardCharsets.UTF_8);
            pages++;
        } while (!cursor.isEmpty());
        assertThat(paged).isEqualTo(all);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void a_cursor_that_is_none_is_refused() throws Exception {
        post(line("Q1", "a", 1, "1", "17002"));
        awaitLines("Q1", 1);
        assertProblem(service.get("/transactions/customers/17002/invoices?cursor=nonsense"), 400, "cursor");
        assertThat(service.get("/transactions/customers/17002/invoices?cursor=2011-02-31T12:00:00.000000~5")
                        .statusCode())
                .as("a day that does not exist is only a place in the order")
                .isEqualTo(200);
    }

    @Test
    void names_may_hold_what_addresses_do_not() throws Exception {
        post(
                line("S~/1", "a", 1, "1", "17/03") + "\n" + line("S~/2", "a", 1, "1", "17/03"),
                "Content-Type",
                "application/x-ndjson");
        awaitLines("S~%2F1", 1);
        await().until(() -> customer("17%2F03", "").path("invoices").size() == 2);
        JsonNode page = customer("17%2F03", "?limit=1");
        assertThat(page.path("invoices").findValuesAsText("invoice_no")).containsExactly("S~/1");
        String cursor = URLEncoder.encode(page.path("next_cursor").asText(), StandardCharsets.UTF_8);
        assertThat(customer("17%2F03", "?cursor=" + cursor).path("invoices").findValuesAsText("invoice_no"))
                .containsExactly("S~/2");
    }

    @Test
    void what_no_line_has_named_is_not_found() throws Exception {
        assertProblem(service.get("/transactions/invoices/none"), 404, "No line of that invoice has arrived.");
        assertProblem(
                service.get("/transactions/customers/none/invoices"), 404, "No invoice of that customer has arrived.");
    }

    @Test
    void a_request_that_is_sent_again_with_its_key_stores_nothing_twice_even_after_a_restart() throws Exception {
        String body = IntStream.range(0, 2500)
                .mapToObj(at -> line("R" + at % 7, "c" + at, 1, "1", "18001"))
                .collect(Collectors.joining("\n"));
        assertThat(lines("retry", body)).isEqualTo(stored(2500, 0));
        assertThat(lines("retry", body)).isEqualTo(stored(0, 2500));
        service.close();
        service.startAgain();
        assertThat(lines("retry", body + "\n" + line("R0", "last", 1, "1", "18001")))
                .isEqualTo(stored(1, 2500));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> customer("18001", "").path("total_spent").asInt() == 2501);
    }

    @Test
    void rows_that_cannot_be_used_are_kept_with_the_reason_and_the_others_stored() throws Exception {
        assertThat(lines(
                        "mixed",
                        line("M1", "a", 1, "1", "") + "\nnonsense\n\n[1]\n" + line("M1", "b", 1, "\"x\"", "") + "\n"
                                + line("M1", "c", 1, "1", "")))
                .isEqualTo(
                        "{\"accepted\":2,\"duplicate\":0,\"rejected\":3,\"rejections\":["
                                + "{\"index\":1,\"field\":null,\"reason\":\"The line is not a JSON object.\"},"
                                + "{\"index\":2,\"field\":null,\"reason\":\"The row is not a JSON object with the names of columns.\"},"
                                + "{\"index\":3,\"field\":\"UnitPrice\",\"reason\":\"UnitPrice is 'x', which is not a number such as 12.50.\"}]}");
        awaitLines("M1", 2);
        assertThat(service.ask(
                        "SELECT string_agg(number || ' ' || row, '|' ORDER BY number) FROM brigade.stream_rejected"
                                + " WHERE key = 'mixed'"))
                .isEqualTo("1 nonsense|2 [1]|3 " + JSON.readTree(line("M1", "b", 1, "\"x\"", "")));
    }

    @Test
    void a_row_that_makes_the_store_fail_is_rejected_and_passed_over() throws Exception {
        service.execute("ALTER TABLE transactions.invoice_lines ADD CONSTRAINT poison CHECK (stock_code <> 'poison')");
        post(IntStream.range(0, 40)
                .mapToObj(at -> line("X" + at % 3, at == 17 ? "poison" : "c" + at, 1, "1", "19001"))
                .collect(Collectors.joining(",", "[", "]")));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> customer("19001", "").path("total_spent").asInt() == 39);
        assertThat(service.ask("SELECT stage || ' ' || (row::json ->> 'StockCode') FROM brigade.stream_rejected"
                        + " WHERE stream = 'transactions' AND stage <> 'intake'"))
                .isEqualTo("store poison");
        assertThat(postTo("/streams/transactions/replay", ""))
                .as("while the reason is still there")
                .contains("\"replayed\":0");
        service.execute("ALTER TABLE transactions.invoice_lines DROP CONSTRAINT poison");
        String id = service.ask("SELECT rejected_id FROM brigade.stream_rejected WHERE stage = 'store'");
        assertProblem(service.post("/streams/transactions/rejected/" + id, "{}"), 409, "can't be replaced");
        assertThat(postTo("/streams/transactions/rejected/" + id, ""))
                .isEqualTo("{\"replayed\":1,\"rejected\":0,\"rows\":[]}");
        assertThat(customer("19001", "").path("total_spent").asInt()).isEqualTo(40);
        assertThat(service.ask("SELECT count(*) FROM warehouse.fact_sales WHERE stock_code = 'poison'"))
                .as("the other reader had it, and does not get it twice")
                .isEqualTo("1");
        assertProblem(service.post("/streams/transactions/rejected/" + id, ""), 404, "no rejected row " + id);
    }

    @Test
    void a_rejected_row_is_listed_corrected_and_stored_once() throws Exception {
        lines("fix", line("F1", "a", 1, "\"x\"", "21001"));
        JsonNode rejected = JSON.readTree(
                        service.get("/streams/transactions/rejected").body())
                .path(0);
        assertThat(rejected.path("reason").asText())
                .isEqualTo("UnitPrice is 'x', which is not a number such as 12.50.");
        assertThat(rejected.path("row").asText()).contains("F1");
        String path = "/streams/transactions/rejected/" + rejected.path("id").asLong();
        assertThat(postTo(path, line("F1", "a", 1, "\"y\"", "21001")))
                .isEqualTo("{\"replayed\":0,\"rejected\":1,\"rows\":[{\"id\":"
                        + rejected.path("id").asLong()
                        + ",\"reason\":\"UnitPrice is 'y', which is not a number such as 12.50.\"}]}");
        assertThat(service.get("/streams/transactions/rejected").body())
                .as("the reason is that of the row that is kept")
                .contains("UnitPrice is 'x'")
                .doesNotContain("UnitPrice is 'y'");
        assertThat(postTo(path, line("F1", "a", 1, "5", "21001"))).contains("\"replayed\":1");
        awaitLines("F1", 1);
        String again = post(
                line("F1", "a", 1, "\"x\"", "21001"), "Content-Type", "application/x-ndjson", "Idempotency-Key", "fix");
        assertThat(again).contains("\"rejected\":1");
        assertThat(service.ask("SELECT count(*) FROM brigade.stream_rejected WHERE key = 'fix'"))
                .as("what was corrected and stored is not rejected again")
                .isEqualTo("0");
        assertProblem(service.post(path, line("F1", "a", 1, "5", "21001")), 404, "no rejected row");
        assertProblem(
                service.get("/streams/orders/rejected"), 404, "There is no stream orders; there are: transactions.");
        assertProblem(service.post("/streams/nothing/replay", ""), 404, "There is no stream nothing");
    }

    @Test
    void while_too_many_rows_wait_for_the_tables_no_more_are_accepted() throws Exception {
        service.execute(
                "INSERT INTO brigade.stream_readers (stream, reader, partition, position)"
                        + " SELECT stream, 'asleep', partition, position - 50000 FROM brigade.stream_partitions WHERE stream = 'transactions'");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertProblem(
                        service.post("/transactions", line("B1", "a", 1, "1", "")),
                        429,
                        "no more are accepted until they are fewer than 100000"));
        assertThat(service.post("/transactions", line("B1", "a", 1, "1", ""))
                        .headers()
                        .firstValue("Retry-After"))
                .isPresent();
        service.execute("DELETE FROM brigade.stream_readers WHERE reader = 'asleep'");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> service.post("/transactions", line("B1", "a", 1, "1", ""))
                                .statusCode()
                        == 200);
    }

    @Test
    void keys_are_forgotten_some_time_after_their_last_use() throws Exception {
        lines("old", line("K1", "a", 1, "1", "") + "\n{\"InvoiceNo\":\"K0\"}");
        lines("young", line("K1", "a", 1, "1", ""));
        service.execute("UPDATE brigade.stream_keys SET used_at = used_at - interval '8 days' WHERE key = 'old'");
        service.context()
                .getRegistry()
                .lookupByNameAndType("streams", Streams.class)
                .tidy();
        assertThat(service.ask("SELECT string_agg(key, ',') FROM brigade.stream_keys WHERE key IN ('old', 'young')"))
                .isEqualTo("young");
        assertThat(lines("old", line("K1", "a", 1, "1", ""))).isEqualTo(stored(1, 0));
        assertThat(service.ask("SELECT key IS NULL FROM brigade.stream_rejected WHERE row LIKE '%K0%'"))
                .as("a row of the key's earlier use is not corrected by its later one")
                .isEqualTo("t");
        service.execute("DELETE FROM brigade.stream_rejected WHERE row LIKE '%K0%'");
        assertThat(lines("young", line("K1", "a", 1, "1", ""))).isEqualTo(stored(0, 1));
    }

    @Test
    void rows_that_could_not_be_accepted_are_forgotten_when_they_are_old_but_none_that_was_accepted() throws Exception {
        lines("aged", "{\"StockCode\":1}\n{\"StockCode\":2}\n{\"StockCode\":3}");
        service.execute(
                "UPDATE brigade.stream_rejected SET rejected_at = now() - interval '91 days' WHERE key = 'aged' AND number < 2");
        service.execute("UPDATE brigade.stream_rejected SET stage = 'archived' WHERE key = 'aged' AND number = 1");
        service.context()
                .getRegistry()
                .lookupByNameAndType("streams", Streams.class)
                .tidy();
        assertThat(
                        service.ask(
                                "SELECT string_agg(number::text, ',' ORDER BY number) FROM brigade.stream_rejected WHERE key = 'aged'"))
                .isEqualTo("1,2");
        service.execute("DELETE FROM brigade.stream_rejected WHERE key = 'aged'");
    }

    @Test
    void a_reader_whose_route_was_removed_is_named_by_health_until_it_is_forgotten() throws Exception {
        // While no row has waited for it, it could be a reader that another process has just begun with.
        post(IntStream.range(0, 50)
                .mapToObj(at -> line("REMOVED" + at, "a", 1, "1", ""))
                .collect(Collectors.joining(",", "[", "]")));
        service.execute(
                "INSERT INTO brigade.stream_readers (stream, reader, partition, position) SELECT stream, 'new', 0, position"
                        + " FROM brigade.stream_partitions WHERE stream = 'transactions' AND partition = 0");
        assertProblem(delete("/streams/transactions/readers/new"), 409, "is in use, or no row has waited");
        service.execute("DELETE FROM brigade.stream_readers WHERE reader = 'new'");
        service.execute(
                "INSERT INTO brigade.stream_readers (stream, reader, partition) VALUES ('transactions', 'gone', 0)");
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> service.get("/observe/health").body(),
                        health -> health.contains("/streams/transactions/readers/gone"));
        assertProblem(delete("/streams/transactions/readers/store"), 409, "is in use");
        assertThat(delete("/streams/transactions/readers/gone").statusCode()).isEqualTo(204);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> service.get("/observe/health").body(), health -> !health.contains("readers/gone"));
        assertProblem(delete("/streams/transactions/readers/gone"), 404, "has no reader gone");
    }

    @Test
    void what_was_lost_in_a_buffer_is_said_until_somebody_has_seen_it() throws Exception {
        service.execute(
                "INSERT INTO brigade.stream_sources (stream, source, shard, lost) VALUES ('transactions', 'kafka:x', '0', 'rows')");
        assertThat(delete("/streams/transactions/lost").statusCode()).isEqualTo(204);
        assertThat(service.ask("SELECT count(*) FROM brigade.stream_sources WHERE lost IS NOT NULL"))
                .isEqualTo("0");
        service.execute("DELETE FROM brigade.stream_sources WHERE source = 'kafka:x'");
    }

    @Test
    void readers_that_are_late_degrade_health_and_are_metrics() throws Exception {
        service.execute(
                "INSERT INTO brigade.stream_readers (stream, reader, partition) VALUES ('transactions', 'late', 3)");
        post(IntStream.range(0, 50)
                .mapToObj(at -> line("H" + at, "a", 1, "1", ""))
                .collect(Collectors.joining(",", "[", "]")));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> service.get("/observe/health").body().contains("stream transactions-late"));
        assertThat(service.get("/observe/metrics").body())
                .contains("brigade_stream_behind_rows{pipeline=\"transactions\",reader=\"late\"")
                .contains("brigade_stream_rows_total{outcome=\"accepted\",pipeline=\"transactions\"");
        service.execute("DELETE FROM brigade.stream_readers WHERE reader = 'late'");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !service.get("/observe/health").body().contains("stream transactions-late"));
    }
}
