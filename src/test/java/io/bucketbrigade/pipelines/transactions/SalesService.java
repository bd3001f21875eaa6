package io.bucketbrigade.pipelines.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bucketbrigade.support.TestService;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A service of its own for the tests of a class, and what they ask it. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SalesService {
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    TestService service;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        service = new TestService(folder, Map.of("TRANSACTIONS_BACKLOG", "100000", "TRANSACTIONS_LATE_AFTER", "2s"));
    }

    @AfterAll
    void stop() {
        service.close();
    }

    static String line(String invoice, String code, int quantity, String price, String customer) {
        return line(invoice, code, quantity, price, customer, "2010-12-01T08:26:00");
    }

    static String line(String invoice, String code, int quantity, String price, String customer, String time) {
        return "{\"InvoiceNo\":\"" + invoice + "\",\"StockCode\":\"" + code + "\",\"Quantity\":" + quantity
                + ",\"InvoiceDate\":\"" + time + "\",\"UnitPrice\":" + price
                + (customer.isEmpty() ? "" : ",\"CustomerID\":\"" + customer + "\"")
                + ",\"Country\":\"France\"}";
    }

    String post(String body, String... headers) throws Exception {
        HttpResponse<String> answer = service.post("/transactions", body, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    String lines(String key, String body) throws Exception {
        return post(body, "Content-Type", "application/x-ndjson", "Idempotency-Key", key);
    }

    static String stored(int accepted, int duplicate) {
        return "{\"accepted\":" + accepted + ",\"duplicate\":" + duplicate + ",\"rejected\":0,\"rejections\":[]}";
    }

    JsonNode get(String path) throws Exception {
        return JSON.readTree(service.get(path).body());
    }

    JsonNode awaitLines(String invoice, int lines) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> get("/transactions/invoices/" + invoice),
                        found -> found.path("lines").size() == lines);
    }

    JsonNode customer(String customer, String query) throws Exception {
        return get("/transactions/customers/" + customer + "/invoices" + query);
    }

    String postTo(String path, String body) throws Exception {
        HttpResponse<String> answer = service.post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    HttpResponse<String> delete(String path) throws Exception {
        return service.send(service.request(path).DELETE());
    }
}
