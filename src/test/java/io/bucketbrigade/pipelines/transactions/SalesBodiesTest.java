package io.bucketbrigade.pipelines.transactions;

import static io.bucketbrigade.support.ProblemAnswer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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
        assertProblem(service.post("/transactions", "a,b", "Content-Type", "text/csv"), 415, "text/csv");
        assertProblem(
                service.post("/transactions", line("N1", "a", 1, "1", ""), "Idempotency-Key", "k".repeat(201)),
                400,
                "Idempotency-Key");
        assertThat(service.get("/transactions/invoices/N1").statusCode()).isEqualTo(404);
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
