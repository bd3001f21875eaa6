package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.EmbeddedServer;
import io.bucketbrigade.support.BuiltProgram;
import io.bucketbrigade.support.SetUpPostgres;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that share the log of a stream in one database. Rows are sent to both, and one of them is killed. */
@Tag("slow")
class StreamContainersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(30);
    private static final int SENDERS = 2;
    private static final int REQUESTS = 60;
    private static final int INVOICES = 10;
    private static final int LINES_PER_REQUEST = 5;
    private static final int ROWS = SENDERS * REQUESTS * INVOICES * LINES_PER_REQUEST;
    private static final long SEED = Long.getLong("crashes.seed", System.nanoTime());

    private static final String LINES = "SELECT count(*) FROM transactions.invoice_lines";
    private static final String OUT_OF_ORDER = """
            SELECT count(*) FROM (
                SELECT stock_code::integer AS number,
                       row_number() OVER (PARTITION BY invoice_no ORDER BY source, position) AS place
                FROM transactions.invoice_lines) AS lines
            WHERE number <> place
            """;
    private static final String WAREHOUSE = """
            SELECT (SELECT array_agg((source, position) ORDER BY source, position) FROM warehouse.fact_sales)
                 = (SELECT array_agg((source, position) ORDER BY source, position) FROM transactions.invoice_lines)
               AND (SELECT sum(lines) = sum(quantity) AND sum(lines) = sum(net) FROM warehouse.sales_by_hour)
               AND (SELECT sum(lines) FROM warehouse.sales_by_hour) = (SELECT count(*) FROM transactions.invoice_lines)
            """;
    private static final String ARCHIVED =
            "SELECT coalesce(sum(last - first + 1), 0) FROM brigade.stream_archive WHERE written_at IS NOT NULL";

    private final HttpClient client = HttpClient.newHttpClient();
    private final int[] ports = {TestService.freePort(), TestService.freePort()};
    private final Process[] containers = new Process[2];

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void stopAll() throws Exception {
        for (Process container : containers) {
            if (container != null) {
                container.destroyForcibly().waitFor();
            }
        }
    }

    private void start(int number, String databaseUri) throws IOException {
        Path own = Files.createDirectories(folder.resolve("container" + number));
        ProcessBuilder builder = new ProcessBuilder(BuiltProgram.command("up"))
                .directory(own.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(own.resolve("log.txt").toFile()));
        builder.environment()
                .putAll(Map.of(
                        "BRIGADE_DATABASE_URL",
                        databaseUri,
                        "BRIGADE_HTTP_PORT",
                        Integer.toString(ports[number]),
                        "TRANSACTIONS_ARCHIVE",
                        folder.resolve("raw").toString(),
                        "TRANSACTIONS_ARCHIVE_AGE",
                        "1s"));
        containers[number] = builder.start();
    }

    private static String uri(Database database) throws SQLException {
        try (Connection connection = database.pool().getConnection()) {
            return connection
                    .getMetaData()
                    .getURL()
                    .replaceFirst("^jdbc:postgresql://([^?]*).*", "postgresql://postgres@$1");
        }
    }

    /** The next lines of each invoice of a sender, in turn. */
    private static String rows(int sender, int request) {
        return IntStream.range(0, INVOICES * LINES_PER_REQUEST)
                .mapToObj(at -> String.format(
                        "{\"InvoiceNo\":\"%d-%d\",\"StockCode\":\"%d\",\"Quantity\":1,\"InvoiceDate\":\"2010-12-01T08:26:00\",\"UnitPrice\":1}",
                        sender, at % INVOICES, request * LINES_PER_REQUEST + at / INVOICES + 1))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private boolean isStored(int container, String key, String rows) throws InterruptedException {
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports[container] + "/transactions"))
                            .timeout(PATIENCE)
                            .header("Content-Type", "application/json")
                            .header("Idempotency-Key", key)
                            .POST(BodyPublishers.ofString(rows))
                            .build(),
                    BodyHandlers.ofString());
            return answer.statusCode() == 200;
        } catch (IOException killed) {
            return false;
        }
    }

    /** Sends each request to one container after the other until one has stored it. */
    private void send(int sender) {
        try {
            for (int request = 0; request < REQUESTS; request++) {
                String rows = rows(sender, request);
                int container = request % containers.length;
                while (!isStored(container, sender + "-" + request, rows)) {
                    container = (container + 1) % containers.length;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String ask(Database database, String question) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    @Test
    void when_one_is_killed_the_other_takes_over_and_each_row_is_stored_once_and_in_order() throws Exception {
        SetUpPostgres.copyInto(folder.resolve("database"));
        try (Database database = Database.embedded(new EmbeddedServer(folder.resolve("database/postgres"), 0))) {
            String databaseUri = uri(database);
            for (int number = 0; number < containers.length; number++) {
                start(number, databaseUri);
                int container = number;
                await().atMost(PATIENCE).until(() -> isStored(container, "ready", "[]"));
            }
            CompletableFuture<?>[] senders = IntStream.range(0, SENDERS)
                    .mapToObj(sender -> CompletableFuture.runAsync(() -> send(sender)))
                    .toArray(CompletableFuture<?>[]::new);
            long beforeTheKill = ROWS / 4L + new Random(SEED).nextInt(ROWS / 4);
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> Long.parseLong(ask(database, LINES)) >= beforeTheKill);
            containers[0].destroyForcibly().waitFor();
            assertThat(senders).as("rows are left to be sent").anyMatch(sender -> !sender.isDone());
            CompletableFuture.allOf(senders).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            await().atMost(TAKEN_OVER_WITHIN).untilAsserted(() -> {
                assertThat(ask(database, LINES)).as("seed " + SEED).isEqualTo(Integer.toString(ROWS));
                assertThat(ask(database, WAREHOUSE)).as("seed " + SEED).isEqualTo("t");
                assertThat(ask(database, ARCHIVED)).as("seed " + SEED).isEqualTo(Integer.toString(ROWS));
            });
            assertThat(ask(database, OUT_OF_ORDER)).as("seed " + SEED).isEqualTo("0");
        }
    }
}
