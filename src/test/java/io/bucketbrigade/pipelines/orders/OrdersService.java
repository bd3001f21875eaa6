package io.bucketbrigade.pipelines.orders;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The service, and the folders of the pipeline orders in it. */
final class OrdersService implements AutoCloseable {
    static final Path SAMPLES = TestService.HOME.resolve("samples/orders");
    static final String TODAY = "2026-06-17";

    final TestService service;
    private final Path folder;

    OrdersService(Path folder, Map<String, String> environment) throws Exception {
        this.folder = folder;
        Map<String, String> variables = new HashMap<>(environment);
        variables.putIfAbsent("ORDERS_QUIET", "300ms");
        variables.putIfAbsent("ORDERS_REFERENCE_DATE", TODAY);
        variables.putIfAbsent("ORDERS_RUNS_PER_DAY", "100000");
        variables.putIfAbsent("ORDERS_MAX_REJECTED", "90%");
        this.service = new TestService(folder, variables);
    }

    Path raw() {
        return folder.resolve("orders/raw");
    }

    Path result(String file) {
        return folder.resolve("orders/result").resolve(file);
    }

    /** Puts all of these files there and no others. */
    void replaceBy(Map<String, byte[]> files) throws IOException {
        Files.createDirectories(raw());
        for (String name : List.of("dim_dates.csv", "dim_products.csv")) {
            Files.deleteIfExists(raw().resolve(name));
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(raw().resolve(file.getKey()), file.getValue());
        }
    }

    void replaceBySample(Path sample) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        for (String name :
                List.of("orders.csv", "reviews.csv", "shipment_deliveries.csv", "dim_dates.csv", "dim_products.csv")) {
            if (Files.exists(sample.resolve(name))) {
                files.put(name, Files.readAllBytes(sample.resolve(name)));
            }
        }
        replaceBy(files);
    }

    void put(String name, String text) throws IOException {
        Files.createDirectories(raw());
        Files.writeString(raw().resolve(name), text);
    }

    JsonNode lastRun() throws Exception {
        return service.latestRun("orders");
    }

    JsonNode awaitRun(long id, String state) {
        return service.awaitRun("orders", id, state);
    }

    /** Waits until the last run succeeded and its exports are in place, which they are right behind it. */
    JsonNode awaitPublished(long id) {
        JsonNode run = awaitRun(id, "succeeded");
        await().until(() ->
                service.ask("SELECT count(*) FROM brigade.unfinished_files").equals("0"));
        return run;
    }

    @Override
    public void close() {
        service.close();
    }
}
