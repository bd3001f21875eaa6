package io.bucketbrigade.pipelines.cityrequests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs take, and that they stop before they take too much. */
@Tag("slow")
class BudgetTest {
    @TempDir
    private Path folder = Path.of("");

    private final String database = TestDatabase.newUriWithTables();

    private void put(int cases, int seed) throws IOException {
        Path whole = Files.writeString(folder.resolve("cases.csv"), MadeCases.csv(MadeCases.of(cases, seed)));
        Path raw = Files.createDirectories(folder.resolve("city-requests/raw"));
        Files.move(whole, raw.resolve("cases.csv"), StandardCopyOption.ATOMIC_MOVE);
    }

    private TestService service(Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("CITY_REQUESTS_QUIET", "100ms");
        return new TestService(folder, database, all);
    }

    private static long sum(JsonNode run, String figure) {
        long sum = 0;
        for (JsonNode step : run.path("steps")) {
            sum += step.path(figure).asLong();
        }
        return sum;
    }

    private List<Path> dataFiles() throws IOException {
        return files(".parquet");
    }

    private List<Path> files(String ending) throws IOException {
        Path lake = folder.resolve("city-requests/lake/city_requests");
        try (Stream<Path> files = Files.walk(lake)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static long size(List<Path> files) throws IOException {
        long size = 0;
        for (Path file : files) {
            size += Files.size(file);
        }
        return size;
    }

    @Test
    void each_step_says_what_it_took_and_a_run_over_a_limit_leaves_tables_and_folder_as_they_were() throws Exception {
        long first;
        try (TestService service = service(Map.of())) {
            put(500, 1);
            JsonNode run = service.awaitRun("city-requests", 1, "succeeded");
            assertThat(run.path("steps").findValuesAsText("step"))
                    .containsExactly(
                            "read bronze, bronze_rejects",
                            "compute keys",
                            "compute dropped",
                            "write rejects",
                            "compute changed_months",
                            "update silver",
                            "write late_cases",
                            "write months",
                            "count");
            JsonNode read = run.path("steps").path(0);
            assertThat(read.path("rows").asLong()).isEqualTo(500);
            assertThat(read.path("bytes_read").asLong())
                    .isGreaterThanOrEqualTo(run.path("bytes").asLong());
            assertThat(run.path("steps").path(1).path("rows").asLong()).isEqualTo(500);
            assertThat(run.path("steps").path(1).path("bytes_written").asLong()).isZero();
            JsonNode silver = run.path("steps").path(5);
            assertThat(silver.path("rows").asLong())
                    .isEqualTo(run.path("notes").path("cases").asLong());
            assertThat(silver.path("bytes_read").asLong()).isPositive();
            assertThat(silver.path("memory_bytes").asLong()).isBetween(10_000L, 1L << 30);
            assertThat(silver.path("seconds").asDouble()).isPositive();
            assertThat(sum(run, "bytes_written")).isEqualTo(size(dataFiles()));
            first = sum(run, "bytes_written");
        }
        List<Path> before = dataFiles();
        put(500, 2);

        try (TestService service = service(Map.of("CITY_REQUESTS_BUDGET_WRITTEN", Long.toString(first / 2)))) {
            JsonNode stopped = service.awaitRun("city-requests", 2, "failed");
            assertThat(stopped.path("error").asText())
                    .startsWith("The run stopped before it went over its budget: this run would write ")
                    .contains("CITY_REQUESTS_BUDGET_WRITTEN allows " + String.format("%,d", first / 2) + " bytes")
                    .contains("The tables stay as they were. Raise CITY_REQUESTS_BUDGET_WRITTEN");
            assertThat(stopped.path("retry_at").isNull()).isTrue();
            assertThat(stopped.path("steps").isNull()).isTrue();
            assertThat(dataFiles()).isEqualTo(before);
        }

        long kept = size(files("")) + first / 2;
        try (TestService service = service(Map.of("CITY_REQUESTS_BUDGET_KEPT", Long.toString(kept)))) {
            JsonNode stopped = service.awaitRun("city-requests", 3, "failed");
            assertThat(stopped.path("error").asText())
                    .startsWith("The run stopped before it went over its budget: the lake holds "
                            + String.format("%,d", kept - first / 2) + " bytes, this run would write ")
                    .contains("CITY_REQUESTS_BUDGET_KEPT allows " + String.format("%,d", kept) + " bytes")
                    .contains("shorten BRIGADE_LAKE_SNAPSHOTS_KEPT and BRIGADE_LAKE_FILES_KEPT");
            assertThat(stopped.path("retry_at").isNull()).isTrue();
            assertThat(dataFiles()).isEqualTo(before);
        }

        try (TestService service = service(Map.of("CITY_REQUESTS_BUDGET_WRITTEN", "100000000"))) {
            JsonNode run = service.awaitRun("city-requests", 4, "succeeded");
            assertThat(sum(run, "bytes_written")).isEqualTo(size(dataFiles()) - size(before));
        }
    }
}
