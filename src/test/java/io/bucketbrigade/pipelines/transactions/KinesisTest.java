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

import io.bucketbrigade.support.TestKinesis;
import io.bucketbrigade.support.TestService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A stream of Kinesis in front of the log, with a server. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KinesisTest {
    private static final String STREAM = "sales";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private Path folder;
    private TestKinesis kinesis;
    private TestService service;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(
                TestKinesis.isInstalled(), "The Kinesis server is not installed; CONTRIBUTING.md says how, with node.");
        this.folder = folder;
        kinesis = new TestKinesis(folder.resolve("kinesis"));
        kinesis.create(STREAM, 2);
        service = new TestService(folder.resolve("service"), environment(STREAM));
    }

    private Map<String, String> environment(String stream) {
        Map<String, String> environment = new HashMap<>(kinesis.settings());
        environment.put("TRANSACTIONS_STREAM", "kinesis:" + stream);
        return environment;
    }

    @AfterAll
    void stop() throws Exception {
        if (service != null) {
            service.close();
            kinesis.close();
        }
    }

    @Test
    void rows_that_are_sent_go_through_the_stream_into_the_tables_in_order_and_again_under_their_key_once()
            throws Exception {
        String rows = ndjson(lines("T", 40, 50));
        assertStored(send(service, "through", rows), 2000, 0);
        // Perhaps before the log has the rows, and perhaps after that.
        send(service, "through", rows);
        awaitLines(service, "T%", 2000);
        assertThat(outOfOrder(service, "T%")).isEqualTo("0");
        service.close();
        service.startAgain();
        assertStored(send(service, "through", rows), 0, 2000);
        assertThat(count(service, "T%")).isEqualTo(2000);
    }

    @Test
    void rows_without_a_key_are_all_stored_equal_ones_too() throws Exception {
        String rows = "[" + line("E1", "a") + "," + line("E1", "a") + "]";
        assertThat(service.post("/transactions", rows).body()).contains("\"accepted\":2");
        assertThat(service.post("/transactions", rows).body()).contains("\"accepted\":2");
        awaitLines(service, "E1", 4);
    }

    @Test
    void what_others_put_there_is_checked_and_what_cannot_be_used_is_kept_as_rejected() throws Exception {
        kinesis.put(STREAM, "F1", line("F1", "a"));
        kinesis.put(STREAM, "F1", "no JSON");
        kinesis.put(STREAM, "F1", line("F1", "b") + "\n{\"InvoiceNo\":\"F1\"}\n" + line("F1", "c"));
        awaitLines(service, "F1", 3);
        assertThat(service.ask("SELECT string_agg(reason, '\n' ORDER BY rejected_id) FROM brigade.stream_rejected"
                        + " WHERE reason LIKE '%kinesis:sales%'"))
                .matches("""
                        The row is not a JSON object\\. \\(kinesis:sales, shardId-\\d+, sequence number \\d+\\)
                        StockCode is missing\\. Quantity is missing\\. InvoiceDate is missing\\. UnitPrice is missing\\. \\(kinesis:sales, shardId-\\d+, sequence number \\d+\\)""");
    }

    @Test
    void shards_are_split_and_merged_while_rows_flow_and_each_invoice_keeps_its_order() throws Exception {
        kinesis.create("split", 1);
        TestService other = new TestService(folder.resolve("other"), environment("split"));
        TestService twin = new TestService(folder.resolve("twin"), other.databaseUri(), environment("split"));
        try {
            for (int round = 0; round < 8; round++) {
                TestService one = round % 2 == 0 ? other : twin;
                String rows = ndjson(lines("R", 20, 80).subList(round * 200, (round + 1) * 200));
                assertStored(send(one, "round-" + round, rows), 200, 0);
                if (round == 1 || round == 3) {
                    kinesis.split("split");
                } else if (round == 5) {
                    kinesis.merge("split");
                }
            }
            awaitLines(other, "R%", 1600);
            assertThat(outOfOrder(other, "R%")).isEqualTo("0");
            assertThat(other.ask("SELECT count(*) FILTER (WHERE ended) FROM brigade.stream_sources"))
                    .isEqualTo("4");
        } finally {
            twin.close();
            other.close();
        }
    }

    @Test
    void while_kinesis_is_away_nothing_is_acknowledged_and_afterwards_all_goes_on() throws Exception {
        kinesis.cut();
        assertProblem(send(service, "away", ndjson(lines("W", 5, 20))), 503, "Kinesis, stream sales: ");
        awaitHealth(service, "Kinesis, stream sales: ");
        kinesis.fix();
        await().atMost(PATIENCE)
                .until(() -> send(service, "away", ndjson(lines("W", 5, 20))).statusCode() == 200);
        awaitLines(service, "W%", 100);
    }

    @Test
    void that_kinesis_may_have_dropped_records_is_reported() throws Exception {
        kinesis.create("old", 1);
        TestService other = new TestService(folder.resolve("old"), environment("old"));
        try {
            assertStored(send(other, "old", ndjson(lines("O", 1, 5))), 5, 0);
            awaitLines(other, "O%", 5);
            other.close();
            other.execute("UPDATE brigade.stream_sources SET read_until = now() - interval '25 hours'");
            other.startAgain();
            awaitHealth(other, "and Kinesis keeps them for 24 h");
            assertStored(send(other, "new", ndjson(lines("N", 1, 5))), 5, 0);
            awaitLines(other, "N%", 5);
        } finally {
            other.close();
        }
    }
}
