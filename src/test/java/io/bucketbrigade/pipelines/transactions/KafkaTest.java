package io.bucketbrigade.pipelines.transactions;

import static io.bucketbrigade.pipelines.transactions.BufferedSales.assertStored;
import static io.bucketbrigade.pipelines.transactions.BufferedSales.awaitHealth;
import static io.bucketbrigade.pipelines.transactions.BufferedSales.awaitLines;
import static io.bucketbrigade.pipelines.transactions.BufferedSales.count;
import static io.bucketbrigade.pipelines.transactions.BufferedSales.line;
import static io.bucketbrigade.pipelines.transactions.BufferedSales.lines;
import static io.bucketbrigade.pipelines.transactions.BufferedSales.ndjson;
import static io.bucketbrigade.pipelines.transactions.BufferedSales.outOfOrder;
import static io.bucketbrigade.pipelines.transactions.BufferedSales.send;
import static io.bucketbrigade.support.ProblemAnswer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.support.TestKafka;
import io.bucketbrigade.support.TestService;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A topic of Kafka in front of the log, with a real broker. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaTest {
    private static final String TOPIC = "sales";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private Path folder;
    private TestKafka kafka;
    private TestService service;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        this.folder = folder;
        kafka = new TestKafka(folder.resolve("kafka"));
        kafka.create(TOPIC, 4);
        service = new TestService(folder.resolve("service"), environment());
    }

    private Map<String, String> environment() {
        return new HashMap<>(Map.of("TRANSACTIONS_STREAM", "kafka:" + TOPIC, "BRIGADE_KAFKA_SERVERS", kafka.servers()));
    }

    @AfterAll
    void stop() throws Exception {
        service.close();
        kafka.close();
    }

    @Test
    void rows_that_are_sent_go_through_the_topic_into_the_tables_in_order_per_invoice() throws Exception {
        List<String> lines = lines("T", 40, 100);
        assertStored(send(service, "through", ndjson(lines)), 4000, 0);
        awaitLines(service, "T%", 4000);
        assertThat(outOfOrder(service, "T%")).isEqualTo("0");
        assertThat(service.post("/transactions", "[]").headers().firstValue("Stream-Log"))
                .hasValue(service.ask("SELECT id FROM brigade.stream_logs"));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(kafka.committed("brigade-transactions"))
                .isGreaterThanOrEqualTo(4000));
        assertThat(service.get("/observe/metrics").body())
                .containsPattern("brigade_stream_behind_rows\\{pipeline=\"transactions\",reader=\"relay\"[^}]*} 0");
    }

    @Test
    void a_request_that_is_sent_again_is_stored_once_also_after_a_restart() throws Exception {
        String rows = ndjson(lines("D", 5, 20));
        assertStored(send(service, "again", rows), 100, 0);
        // Perhaps before the log has the rows, and perhaps after that.
        send(service, "again", rows);
        send(service, "again", rows);
        awaitLines(service, "D%", 100);
        service.close();
        service.startAgain();
        assertStored(send(service, "again", rows), 0, 100);
        assertThat(count(service, "D%")).isEqualTo(100);
    }

    @Test
    void what_others_put_there_is_checked_and_what_cannot_be_used_is_kept_as_rejected() throws Exception {
        kafka.send(List.of(
                new ProducerRecord<>(TOPIC, 0, "F1", line("F1", "a")),
                new ProducerRecord<>(TOPIC, 0, "F1", "no JSON"),
                new ProducerRecord<>(TOPIC, 0, "F1", null),
                new ProducerRecord<>(TOPIC, 0, "F1", "{\"InvoiceNo\":\"F1\",\"StockCode\":\"b\"}"),
                new ProducerRecord<>(TOPIC, 0, "F1", line("F1", "c"))));
        awaitLines(service, "F1", 2);
        assertThat(service.ask("SELECT string_agg(reason, '\n' ORDER BY rejected_id) FROM brigade.stream_rejected"
                        + " WHERE reason LIKE '%kafka:sales%'"))
                .matches("""
                        The row is not a JSON object\\. \\(kafka:sales, partition 0, offset \\d+\\)
                        The row is not a JSON object with the names of columns\\. \\(kafka:sales, partition 0, offset \\d+\\)
                        Quantity is missing\\. InvoiceDate is missing\\. UnitPrice is missing\\. \\(kafka:sales, partition 0, offset \\d+\\)""");
        String id = service.ask("SELECT max(rejected_id) FROM brigade.stream_rejected WHERE reason LIKE 'Quantity%'");
        assertThat(service.post(
                                "/streams/transactions/rejected/" + id,
                                line("F1", "b"),
                                "Content-Type",
                                "application/json")
                        .body())
                .contains("\"replayed\":1");
        awaitLines(service, "F1", 3);
    }

    @Test
    void while_the_broker_is_away_nothing_is_acknowledged_and_afterwards_all_goes_on() throws Exception {
        assertStored(send(service, "before", ndjson(lines("B", 5, 20))), 100, 0);
        kafka.kill();
        long began = System.nanoTime();
        HttpResponse<String> answer = send(service, "away", ndjson(lines("W", 5, 20)));
        assertProblem(answer, 503, "Kafka at " + kafka.servers());
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
        awaitHealth(service, "Kafka at " + kafka.servers());
        kafka.startAgain();
        await().atMost(PATIENCE)
                .until(() -> send(service, "away", ndjson(lines("W", 5, 20))).statusCode() == 200);
        awaitLines(service, "W%", 100);
        awaitLines(service, "B%", 100);
        assertThat(outOfOrder(service, "W%")).isEqualTo("0");
    }

    @Test
    void two_processes_share_the_partitions_and_one_goes_on_alone_when_the_other_is_gone() throws Exception {
        TestService twin = new TestService(folder.resolve("twin"), service.databaseUri(), environment());
        try {
            String owners = "SELECT count(DISTINCT owner) FROM brigade.stream_sources"
                    + " WHERE source = 'kafka:sales' AND leased_until > now()";
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(service.ask(owners)).isEqualTo("2"));
            for (int request = 0; request < 20; request++) {
                TestService one = request % 2 == 0 ? service : twin;
                assertStored(send(one, "shared-" + request, ndjson(lines("S" + request + "-", 20, 20))), 400, 0);
            }
        } finally {
            twin.close();
        }
        awaitLines(service, "S%", 8000);
        assertThat(outOfOrder(service, "S%")).isEqualTo("0");
    }

    @Test
    void rows_that_kafka_drops_unread_and_a_topic_that_is_made_again_are_reported_and_new_rows_are_read()
            throws Exception {
        kafka.create("short", 1);
        Map<String, String> environment = environment();
        environment.put("TRANSACTIONS_STREAM", "kafka:short");
        TestService other = new TestService(folder.resolve("other"), environment);
        try {
            assertStored(send(other, "first", ndjson(lines("R", 1, 10))), 10, 0);
            awaitLines(other, "R%", 10);
            other.close();
            kafka.send(List.of(
                    new ProducerRecord<>("short", 0, "Q", line("Q1", "a")),
                    new ProducerRecord<>("short", 0, "Q", line("Q1", "b"))));
            kafka.dropBefore("short", 0, 11);
            other.startAgain();
            awaitLines(other, "Q%", 1);
            awaitHealth(other, "Partition 0 of the topic short no longer has the offsets 10 to 10");
            kafka.delete("short");
            awaitHealth(other, "There is no topic short in Kafka");
            kafka.create("short", 1);
            kafka.send(List.of(new ProducerRecord<>("short", 0, "N", line("N1", "a"))));
            awaitLines(other, "N%", 1);
            awaitHealth(other, "The topic short was deleted and made again");
            assertThat(count(other, "%")).isEqualTo(12);
        } finally {
            other.close();
        }
    }
}
