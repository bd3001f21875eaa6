package io.bucketbrigade.pipelines.transactions;

import static io.bucketbrigade.support.ProblemAnswer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.support.RawCall;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SalesBodiesTest extends SalesService {
    @Test
    void a_call_without_a_body_is_refused_in_words() throws Exception {
        assertProblem(
                service.send(
                        service.request("/transactions").POST(BodyPublishers.fromPublisher(BodyPublishers.noBody()))),
                400,
                "neither a JSON object nor an array");
    }

    @Test
    void however_many_sales_wait_for_the_disk_other_calls_are_answered() throws Exception {
        HttpClient caller =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        try (Connection other = service.connect();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("SELECT FROM brigade.stream_partitions WHERE stream = 'transactions' FOR UPDATE");
            for (int at = 0; at < 300; at++) {
                waiting.add(caller.sendAsync(
                        service.request("/transactions")
                                .POST(BodyPublishers.ofString(line("W" + at, "a", 1, "1", "19001")))
                                .build(),
                        BodyHandlers.ofString()));
            }
            HttpRequest asked = service.request("/transactions/invoices/none")
                    .timeout(Duration.ofSeconds(20))
                    .build();
            await().atMost(Duration.ofSeconds(20))
                    .until(
                            () -> service.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"),
                            appends -> !appends.equals("0"));
            assertThat(caller.send(asked, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            other.rollback();
        }
        assertThat(waiting)
                .allSatisfy(answer -> assertThat(answer.join().body()).isEqualTo(stored(1, 0)));
    }

    @Test
    void odd_names_of_fields_reject_their_row_only() throws Exception {
        assertThat(post("[" + line("O1", "a", 1, "1", "") + ",{\"a\\u0000b" + "c".repeat(5000) + "\":1}]"))
                .contains("\"accepted\":1", "\"rejected\":1", "a?bc");
        awaitLines("O1", 1);
    }

    @Test
    void a_body_that_is_not_JSON_stores_nothing() throws Exception {
        assertProblem(
                service.post(
                        "/transactions", "[" + line("N1", "a", 1, "1", "") + ",", "Content-Type", "application/json"),
                400,
                "Nothing was stored.");
        assertProblem(service.post("/transactions", "7"), 400, "neither a JSON object nor an array");
        assertProblem(service.post("/transactions", "[".repeat(100_000)), 400, "nested too deeply");
        assertProblem(
                service.post("/transactions", "a,b", "Content-Type", "text/csv"),
                415,
                "The body is text/csv; send application/json or application/x-ndjson. ./brigade send FILE URL sends the rows of a CSV file.");
        assertProblem(
                service.post("/transactions", line("N1", "a", 1, "1", ""), "Idempotency-Key", "k".repeat(201)),
                400,
                "Idempotency-Key");
        assertThat(service.get("/transactions/invoices/N1").statusCode()).isEqualTo(404);
    }

    @Test
    void a_number_of_ten_thousand_digits_is_refused_in_few_words() throws Exception {
        String digits = "7".repeat(10_000);
        String row = line("D1", "a", 1, "1", "").replace(":1,", ":" + digits + ",");
        assertProblem(service.post("/transactions", row), 400, "has a number of more than 1000 digits");
        assertThat(post(row, "Content-Type", "application/x-ndjson"))
                .contains(
                        "\"rejected\":1",
                        "The line is nested too deeply, or has a number of more than 1000 digits, or a name of more than 50000 characters.")
                .hasSizeLessThan(300);
        assertThat(post(row.replace(digits, "\"" + digits + "\"")))
                .contains("\"rejected\":1", "Quantity is '777", "777…', which is not a number")
                .hasSizeLessThan(400);
    }

    @Test
    void a_row_that_could_not_be_kept_as_it_was_sent_is_stored_only_when_it_is_corrected() throws Exception {
        byte[] latin = line("L1", "caf\u00e9", 1, "1", "").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(service.send(service.request("/transactions")
                                .header("Content-Type", "application/x-ndjson")
                                .POST(BodyPublishers.ofByteArray(latin)))
                        .body())
                .contains("\"rejected\":1", "The line is not JSON in UTF-8.");
        assertProblem(
                service.send(service.request("/transactions").POST(BodyPublishers.ofByteArray(latin))),
                400,
                "The body is not JSON in UTF-8");
        assertThat(post(line("L2", "a\\ud83db", 1, "1", ""))).contains("\"rejected\":1", "half of a character");
        String tooLong = line("L3", "x".repeat(70_000), 1, "1", "");
        assertThat(post(tooLong)).contains("\"rejected\":1");
        String reason = service.ask("SELECT reason FROM brigade.stream_rejected WHERE row LIKE '%L3%'");
        service.post("/streams/transactions/replay", "");
        for (String invoice : List.of("L1", "L2", "L3")) {
            assertThat(service.get("/transactions/invoices/" + invoice).statusCode())
                    .as(invoice)
                    .isEqualTo(404);
        }
        assertThat(service.ask("SELECT reason FROM brigade.stream_rejected WHERE row LIKE '%L3%'"))
                .isEqualTo(reason);
        String id = service.ask("SELECT rejected_id FROM brigade.stream_rejected WHERE row LIKE '%L1%'");
        service.post("/streams/transactions/rejected/" + id, line("L1", "caf\u00e9", 1, "1", ""));
        assertThat(awaitLines("L1", 1).path("lines").path(0).path("stock_code").asText())
                .isEqualTo("caf\u00e9");
    }

    @Test
    void a_field_that_a_row_has_twice_rejects_that_row_only() throws Exception {
        String twice = line("T1", "a", 1, "1", "").replace("\"Quantity\":1", "\"Quantity\":1,\"Quantity\":5");
        assertThat(post("[" + twice + "," + line("T1", "b", 1, "1", "") + "]"))
                .contains("\"accepted\":1", "\"rejected\":1", "Quantity has two values.");
        assertThat(post("{" + "\"x\":1,".repeat(100_000) + "\"y\":2}"))
                .as("as quickly as any other")
                .contains("\"rejected\":1");
        assertThat(post(twice, "Content-Type", "application/x-ndjson")).contains("Quantity has two values.");
        assertThat(post(twice.replaceFirst("Quantity", "quantity"))).contains("Quantity has two values.");
        assertThat(service.ask(
                        "SELECT row FROM brigade.stream_rejected WHERE row LIKE '%T1%' ORDER BY rejected_id LIMIT 1"))
                .contains("\"Quantity\":[1,5]");
        assertThat(awaitLines("T1", 1).path("lines").path(0).path("stock_code").asText())
                .isEqualTo("b");
    }

    @Test
    void a_body_that_is_packed_or_expects_what_cannot_be_met_is_refused_in_words() throws Exception {
        String row = line("P1", "a", 1, "1", "");
        for (String type : new String[] {"application/json", "application/x-ndjson"}) {
            RawCall.Answer packed = RawCall.send(
                    service.port(), "POST", "/transactions", row, "Content-Type: " + type, "Content-Encoding: gzip");
            assertThat(packed.status()).isEqualTo(415);
            assertThat(packed.headers()).containsEntry("accept-encoding", "identity");
            assertThat(packed.body()).contains("The body is encoded as gzip (Content-Encoding)", "Send it unpacked.");
            RawCall.Answer expecting = RawCall.send(
                    service.port(), "POST", "/transactions", row, "Content-Type: " + type, "Expect: the-moon");
            assertThat(expecting.status()).isEqualTo(400);
            assertThat(expecting.body()).contains("The header Expect is the-moon; only 100-continue can be met.");
            RawCall.Answer plain = RawCall.send(
                    service.port(),
                    "POST",
                    "/transactions",
                    row,
                    "Content-Type: " + type,
                    "Content-Encoding: identity");
            assertThat(plain.status()).isEqualTo(200);
        }
    }

    @Test
    void a_parameter_that_a_call_does_not_have_is_refused_and_those_it_has_are_named() throws Exception {
        assertProblem(
                service.post("/transactions?dry-run=true", line("Q1", "a", 1, "1", "")),
                400,
                "The parameter dry-run is not known here. This call has none.");
        assertProblem(
                service.get("/transactions/customers/1/invoices?limt=1"),
                400,
                "The parameter limt is not known here; did you mean limit? There are: limit, cursor.");
        assertThat(service.get("/?utm_source=mail").statusCode()).isEqualTo(200);
        assertThat(service.get("/observe/health?x=1").statusCode()).isEqualTo(200);
    }

    @Test
    void many_senders_at_once_are_each_answered_for_their_own_rows() throws Exception {
        List<CompletableFuture<String>> answers = IntStream.range(0, 40)
                .mapToObj(sender -> CompletableFuture.supplyAsync(() -> {
                    try {
                        String own = IntStream.rangeClosed(0, sender)
                                .mapToObj(at -> line("Y" + sender, "c" + at, 1, "1", "20001"))
                                .collect(Collectors.joining(",", "[", "]"));
                        return post(own);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        for (int sender = 0; sender < answers.size(); sender++) {
            assertThat(answers.get(sender).get()).isEqualTo(stored(sender + 1, 0));
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> customer("20001", "").path("total_spent").asInt() == 820);
        assertThat(customer("20001", "").path("invoice_count").asInt()).isEqualTo(40);
    }
}
