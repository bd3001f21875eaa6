package io.bucketbrigade.pipelines.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.TestService;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A service whose folder for bulk import is looked at only when it is asked to. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BulkFolder {
    static final Path SALES = TestService.HOME.resolve("samples/transactions/sales.csv");
    static final Charset WINDOWS = Charset.forName("windows-1252");
    static final ObjectMapper JSON = new ObjectMapper();
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    /** What must be equal however the rows came; without where they came from. */
    static final Map<String, String> TABLES = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "transactions.invoice_lines",
                    "invoice_no, stock_code, description, quantity, invoice_date, unit_price, customer_id, country"),
            Map.entry(
                    "transactions.invoices",
                    "invoice_no, customer_id, country, first_line_at, last_line_at, lines, quantity, trim_scale(total)"),
            Map.entry(
                    "transactions.customers",
                    "customer_id, invoices, trim_scale(total), first_purchase, last_purchase"),
            Map.entry(
                    "warehouse.fact_sales",
                    "invoice_no, stock_code, customer_id, country, day, sold_at, quantity, unit_price, amount, is_sale"),
            Map.entry("warehouse.dim_date", "day, year, quarter, month, day_of_week"),
            Map.entry("warehouse.dim_product", "stock_code, description, described_at"),
            Map.entry("warehouse.dim_customer", "customer_id, country, located_at"),
            Map.entry("warehouse.dim_country", "country"),
            Map.entry("warehouse.sales_by_hour", "hour, lines, quantity, trim_scale(gross), trim_scale(net)"),
            Map.entry("warehouse.product_by_hour", "hour, stock_code, quantity, trim_scale(revenue)"),
            Map.entry("warehouse.product_by_day", "day, stock_code, quantity, trim_scale(revenue)"),
            Map.entry(
                    "warehouse.invoice_totals",
                    "invoice_no, customer_id, country, sold_at, lines, quantity, trim_scale(gross), trim_scale(net)")));

    Path folder = Path.of("");
    TestService service;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        service = new TestService(folder.resolve("service"), Map.of("TRANSACTIONS_BULK_SCHEDULE", "0 0 29 2 *"));
    }

    @AfterAll
    void stop() {
        service.close();
    }

    static List<String> tables(TestService of) throws Exception {
        List<String> rows = new ArrayList<>();
        for (Map.Entry<String, String> table : TABLES.entrySet()) {
            rows.add(table.getKey() + " "
                    + of.ask("SELECT string_agg(t::text, E'\n' ORDER BY t::text) FROM (SELECT " + table.getValue()
                            + " FROM " + table.getKey() + ") AS t"));
        }
        return rows;
    }

    void put(String name, byte[] bytes) throws IOException {
        Path bulk = Files.createDirectories(folder.resolve("service/transactions/bulk"));
        Path beside = Files.write(folder.resolve(name + ".part"), bytes);
        Files.move(beside, bulk.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    void put(String name, String text) throws IOException {
        put(name, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    static void ask(TestService service) throws Exception {
        assertThat(service.post(
                                "/pipelines/transactions/again",
                                "{\"why\": \"for the test\"}",
                                "Content-Type",
                                "application/json")
                        .statusCode())
                .isEqualTo(202);
    }

    /** Asks for the files to be loaded, and waits until that one was, or failed. */
    JsonNode load(String name) throws Exception {
        long before = service.latestRun("transactions").path("id").asLong();
        ask(service);
        return await().atMost(PATIENCE)
                .until(() -> run(service, name, before), run -> run.path("id").isNumber());
    }

    static JsonNode run(TestService service, String name, long before) throws Exception {
        for (JsonNode run : service.runs()) {
            if (run.path("id").asLong() > before
                    && run.path("inputs").path(0).path("path").asText().endsWith("/" + name)
                    && !run.path("state").asText().equals("running")) {
                return run;
            }
        }
        return JSON.createObjectNode();
    }

    static String counts(JsonNode run) {
        return run.path("state").asText() + " " + run.path("rows_read").asInt() + " = "
                + run.path("rows_counted").asInt() + " + "
                + run.path("rows_rejected").asInt();
    }

    static String lines(String invoice, int count) {
        return IntStream.range(0, count)
                .mapToObj(at -> invoice + ",c" + at + ",,1,12/1/2010 8:26,2.5,,France\n")
                .collect(Collectors.joining());
    }

    String lines(String invoice) throws Exception {
        return service.ask("SELECT count(*) FROM transactions.invoice_lines WHERE invoice_no = '" + invoice + "'");
    }
}
