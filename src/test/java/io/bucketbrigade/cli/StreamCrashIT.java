package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bucketbrigade.pipelines.transactions.PlainSales;
import io.bucketbrigade.support.BuiltProgram;
import io.bucketbrigade.support.TestKafka;
import io.bucketbrigade.support.TestKinesis;
import io.bucketbrigade.support.TestService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the program, its PostgreSQL or a process of it, the buffer in front, or the client, at random moments while a file is sent to a
 * stream. Then each row of the file is in the store, the warehouse and the archive once, and in all totals.
 * {@code -Dcrashes=200} is the long form.
 */
@Tag("slow")
class StreamCrashIT {
    private static final long SEED = Long.getLong("crashes.seed", System.nanoTime());
    private static final int LATEST_KILL_MS = 700;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** So many are sent between two crashes, at this rate; longer than what passes between them. */
    private static final int ROWS_PER_CRASH = 1000;

    private static final int ROWS_PER_SECOND = 2000;

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern SUMMARY =
            Pattern.compile("([\\d,]+) rows read = ([\\d,]+) accepted \\+ ([\\d,]+) duplicate \\+ 0 rejected\\.");

    private static final String SAME_LINES = """
            SELECT (SELECT array_agg((source, position, invoice_no, stock_code, quantity, unit_price) ORDER BY source, position)
                    FROM transactions.invoice_lines)
                 = (SELECT array_agg((source, position, invoice_no, stock_code, quantity, unit_price) ORDER BY source, position)
                    FROM warehouse.fact_sales)
            """;

    private final Random random = new Random(SEED);
    private final int databasePort = TestService.freePort();

    @TempDir
    private Path folder = Path.of("");

    /** What is killed; the cheap ones more often. */
    private enum Victim {
        PART_OF_POSTGRES,
        POSTGRES,
        BUFFER,
        CLIENT,
        PROGRAM,
        ALL
    }

    private static final List<Victim> WITHOUT_BUFFER = List.of(
            Victim.PART_OF_POSTGRES,
            Victim.POSTGRES,
            Victim.PROGRAM,
            Victim.PART_OF_POSTGRES,
            Victim.POSTGRES,
            Victim.PART_OF_POSTGRES,
            Victim.CLIENT,
            Victim.POSTGRES,
            Victim.PART_OF_POSTGRES,
            Victim.ALL);
    private static final List<Victim> WITH_BUFFER =
            List.of(Victim.BUFFER, Victim.POSTGRES, Victim.PROGRAM, Victim.BUFFER, Victim.PART_OF_POSTGRES);

    /** What is in front of the log. */
    private interface Buffer {
        void killAndStartAgain() throws Exception;
    }

    /** The short form has so many crashes in each test. */
    private static int crashes(int few) {
        return Integer.getInteger("crashes", few);
    }

    @Test
    void whatever_is_killed_whenever_each_row_is_everywhere_once() throws Exception {
        sendAndKill(crashes(20), WITHOUT_BUFFER, Map.of(), () -> {});
    }

    @Test
    void whatever_is_killed_whenever_each_row_is_everywhere_once_with_kafka_in_front() throws Exception {
        try (TestKafka kafka = new TestKafka(folder.resolve("kafka"))) {
            kafka.create("sales", 4);
            sendAndKill(
                    crashes(5),
                    WITH_BUFFER,
                    Map.of("BRIGADE_STREAM", "kafka:sales", "BRIGADE_KAFKA_SERVERS", kafka.servers()),
                    () -> {
                        kafka.kill();
                        kafka.startAgain();
                    });
        }
    }

    @Test
    void whatever_is_killed_whenever_each_row_is_everywhere_once_with_kinesis_in_front() throws Exception {
        Assumptions.assumeTrue(
                TestKinesis.isInstalled(), "The Kinesis server is not installed; CONTRIBUTING.md says how, with node.");
        try (TestKinesis kinesis = new TestKinesis(folder.resolve("kinesis"))) {
            kinesis.create("sales", 2);
            Map<String, String> environment = new HashMap<>(kinesis.settings());
            // What this server writes as CBOR is not what Kinesis writes.
            environment.put("CBOR_ENABLED", "false");
            environment.put("BRIGADE_STREAM", "kinesis:sales");
            sendAndKill(crashes(5), WITH_BUFFER, environment, () -> {
                kinesis.kill();
                kinesis.startAgain();
            });
        }
    }

    private Path file(int rows) throws IOException {
        StringBuilder csv = new StringBuilder(
                "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
        for (int row = 0; row < rows; row++) {
            int invoice = random.nextInt(2000);
            csv.append(random.nextInt(50) == 0 ? "C" : "")
                    .append(500_000 + invoice)
                    .append(",P")
                    .append(row / 2)
                    .append(",,")
                    .append(random.nextInt(200) - 20)
                    .append(",12/")
                    .append(1 + random.nextInt(3))
                    .append("/2010 ")
                    .append(8 + random.nextInt(10))
                    .append(":26,")
                    .append(random.nextInt(10_000) / 100.0)
                    .append(',')
                    .append(random.nextInt(3) == 0 ? "" : Integer.toString(12_000 + invoice % 300))
                    .append(",France\n");
        }
        return Files.writeString(folder.resolve("sales.csv"), csv);
    }

    private String ask(String question) throws SQLException {
        String address = "jdbc:postgresql://localhost:" + databasePort + "/postgres";
        try (Connection connection = DriverManager.getConnection(address, "postgres", "");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private Process client(Path file, int port) throws IOException {
        ProcessBuilder client = new ProcessBuilder(BuiltProgram.command(
                        "send",
                        file.toString(),
                        "http://127.0.0.1:" + port + "/transactions",
                        "--rate",
                        Integer.toString(ROWS_PER_SECOND)))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("client.txt").toFile()));
        client.environment().put("BRIGADE_DATA", folder.resolve("client").toString());
        return client.start();
    }

    private List<Victim> victims(int crashes, List<Victim> some) {
        List<Victim> victims = new ArrayList<>();
        for (int crash = 0; crash < crashes; crash++) {
            victims.add(some.get(crash % some.size()));
        }
        Collections.shuffle(victims, random);
        return victims;
    }

    private void sendAndKill(int crashes, List<Victim> some, Map<String, String> buffer, Buffer inFront)
            throws Exception {
        List<Victim> victims = victims(crashes, some);
        int rows = ROWS_PER_CRASH * crashes;
        Path file = file(rows);
        Map<String, String> environment = new HashMap<>(buffer);
        environment.put("TRANSACTIONS_ARCHIVE_AGE", "1s");
        environment.put("BRIGADE_DATABASE_PORT", Integer.toString(databasePort));
        PlainSales expected = new PlainSales(file, StandardCharsets.UTF_8);
        try (KilledProgram program = new KilledProgram(folder, environment)) {
            try {
                assertSummary(sent(file, victims, program, inFront), rows);
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(200))
                        .ignoreExceptionsInstanceOf(SQLException.class)
                        .untilAsserted(() -> {
                            program.keepUp();
                            agrees(expected, rows);
                        });
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "-Dcrashes.seed=" + SEED + ", killed one after the other: " + victims + "\n" + e.getMessage()
                                + "\n" + program.lastOfTheLog(),
                        e);
            }
            assertThat(Files.readString(program.log()))
                    .as("-Dcrashes.seed=" + SEED)
                    .doesNotContain("\tat ", "This is a fault in Bucket Brigade");
            assertThat(program.stopsWithoutATrace())
                    .as("-Dcrashes.seed=" + SEED)
                    .isTrue();
        }
    }

    /** Sends the file while all victims are killed; what the client said. */
    private String sent(Path file, List<Victim> victims, KilledProgram program, Buffer inFront) throws Exception {
        Process client = client(file, program.port());
        try {
            for (Victim victim : victims) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LATEST_KILL_MS));
                awaitWhileUp(program, program::hasPostgres);
                client = kill(victim, program, client, file, inFront);
            }
            Process last = client;
            awaitWhileUp(program, () -> !last.isAlive());
            return Files.readString(folder.resolve("client.txt"));
        } finally {
            client.destroyForcibly();
        }
    }

    private static void awaitWhileUp(KilledProgram program, Callable<Boolean> condition) {
        await().atMost(PATIENCE).until(() -> {
            program.keepUp();
            return condition.call();
        });
    }

    private static void assertSummary(String said, int rows) {
        Matcher summary = SUMMARY.matcher(said);
        assertThat(summary.find()).as(said).isTrue();
        assertThat(number(summary.group(1))).isEqualTo(rows);
        assertThat(number(summary.group(2)) + number(summary.group(3))).isEqualTo(rows);
    }

    private Process kill(Victim victim, KilledProgram program, Process client, Path file, Buffer inFront)
            throws Exception {
        switch (victim) {
            case PART_OF_POSTGRES -> program.killPartOfPostgres(random);
            case POSTGRES -> program.kill(KilledProgram.Killed.POSTGRES);
            case PROGRAM -> program.kill(KilledProgram.Killed.PROGRAM);
            case ALL -> program.kill(KilledProgram.Killed.BOTH);
            case BUFFER -> inFront.killAndStartAgain();
            case CLIENT -> {
                client.destroyForcibly().waitFor();
                return client(file, program.port());
            }
        }
        return client;
    }

    private static long number(String text) {
        return Long.parseLong(text.replace(",", ""));
    }

    private void agrees(PlainSales expected, int rows) throws SQLException, IOException {
        assertThat(ask("SELECT count(*) FROM transactions.invoice_lines")).isEqualTo(Integer.toString(rows));
        assertThat(ask("SELECT sum(last - first + 1) FROM brigade.stream_archive WHERE written_at IS NOT NULL"))
                .isEqualTo(Integer.toString(rows));
        assertThat(ask(PlainSales.INVOICES)).isEqualTo(expected.invoices());
        assertThat(ask(PlainSales.LINES)).isEqualTo(expected.lines());
        assertThat(ask(PlainSales.CUSTOMERS)).isEqualTo(expected.customers());
        assertThat(ask(SAME_LINES))
                .as("the lines in store and warehouse, which must be the same")
                .isEqualTo("t");
        assertThat(ask(PlainSales.ROLLUPS)).isEqualTo(expected.rollups());
        assertThat(ask(PlainSales.GAPS)).isEqualTo("0");
        assertThat(archived()).isEqualTo(expected.lines());
    }

    /** All lines of the archive, as {@link PlainSales#lines} shows those of the file. */
    private String archived() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.resolve("data/transactions/raw"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".jsonl.gz")).toList()) {
                try (BufferedReader text = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
                    for (String line = text.readLine(); line != null; line = text.readLine()) {
                        lines.add(JSON.readTree(line));
                    }
                }
            }
        }
        return lines.stream()
                .sorted(Comparator.comparing(
                                (JsonNode line) -> line.path("InvoiceNo").asText())
                        .thenComparing(line -> line.path("_position").asLong()))
                .map(line -> String.join(
                        " ",
                        line.path("InvoiceNo").asText(),
                        line.path("StockCode").asText(),
                        line.path("Description").asText(""),
                        line.path("Quantity").asText(),
                        PlainSales.plain(new BigDecimal(line.path("UnitPrice").asText()))))
                .collect(Collectors.joining("\n"));
    }
}
