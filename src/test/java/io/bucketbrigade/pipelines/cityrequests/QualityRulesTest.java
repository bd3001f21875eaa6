package io.bucketbrigade.pipelines.cityrequests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class QualityRulesTest {
    private static final String HEADER =
            "case_enquiry_id,open_dt,target_dt,closed_dt,ontime,case_status,neighborhood,location_zipcode,latitude,longitude\n";
    private static final String CASE =
            "%d,2018-03-01 15:18:12,2018-03-02 15:18:12,2018-03-05 10:00:00,OVERDUE,%s,%s,02118,42.3,-71.1\n";

    @TempDir
    private Path folder = Path.of("");

    private void put(String rows) throws IOException {
        Path raw = folder.resolve("city-requests/raw");
        Files.createDirectories(raw);
        Files.writeString(raw.resolve("2018.csv"), HEADER + rows);
    }

    private static JsonNode metadata(TestService service, String table) throws Exception {
        String location =
                service.ask("SELECT coalesce(max(metadata_location), '') FROM lake.iceberg_tables WHERE table_name = '"
                        + table + "'");
        assertThat(location).as(table).isNotEmpty();
        Path file = location.startsWith("file:") ? Path.of(URI.create(location).getPath()) : Path.of(location);
        return new ObjectMapper().readTree(Files.readString(file));
    }

    /** The number of the run whose snapshot a branch of a table is; empty if there is none. */
    private static String run(TestService service, String table, String branch) throws Exception {
        JsonNode metadata = metadata(service, table);
        String snapshot = metadata.path("refs").path(branch).path("snapshot-id").asText();
        for (JsonNode one : metadata.path("snapshots")) {
            if (one.path("snapshot-id").asText().equals(snapshot)) {
                return one.path("summary").path("brigade.run").asText();
            }
        }
        return "";
    }

    private static JsonNode json(TestService service, String path) throws Exception {
        return new ObjectMapper().readTree(service.get(path).body());
    }

    private static JsonNode rule(TestService service, String rule) throws Exception {
        JsonNode answer = json(service, "/city-requests/quality");
        for (JsonNode one : answer.path("rules")) {
            if (one.path("rule").asText().startsWith(rule)) {
                return one;
            }
        }
        throw new AssertionError("no rule " + rule + " in " + answer);
    }

    @Test
    void a_broken_rule_keeps_silver_and_gold_as_they_were_until_the_file_is_corrected() throws Exception {
        try (TestService service = new TestService(
                folder,
                Map.of(
                        "CITY_REQUESTS_QUIET",
                        "100ms",
                        "CITY_REQUESTS_RAW",
                        folder.resolve("city-requests/raw").toString(),
                        "CITY_REQUESTS_LAKE",
                        folder.resolve("city-requests/lake").toString(),
                        "BRIGADE_MAIL_TO",
                        "city@example.org"))) {
            assertThat(service.get("/city-requests/quality").body()).contains("\"rules\" : []");

            put(CASE.formatted(1, "Closed", "Roxbury") + CASE.formatted(2, "Open", ""));
            JsonNode first = service.awaitRun("city-requests", 1, "succeeded");
            assertThat(first.path("notes").toString())
                    .contains(
                            "quality rule warns: silver: ColumnValues \\\"neighborhood\\\" not in [NULL, EMPTY, WHITESPACES_ONLY] with"
                                    + " threshold > 0.8 measured 0.5, expected more than 0.8 of the rows");
            assertThat(service.ask("SELECT body FROM brigade.outbox WHERE run_id = 1"))
                    .contains("The run succeeded.", "1 quality rule warns: silver: ColumnValues \"neighborhood\"");
            assertThat(run(service, "silver", "main")).isEqualTo("1");

            put(CASE.formatted(1, "Closed", "Roxbury") + CASE.formatted(2, "Lost", "Roxbury"));
            JsonNode held = service.awaitRun("city-requests", 2, "failed");
            String reason =
                    "1 quality rule is broken: silver: ColumnValues \"case_status\" in [\"Open\", \"Closed\"] with threshold > 0.95"
                            + " measured 0.5, expected more than 0.95 of the rows. People still see silver, late_cases and months as run 1 left them."
                            + " Correct the input, or the rules and replay the run.";
            assertThat(held.path("error").asText()).isEqualTo(reason);
            assertThat(held.path("rows_read").asLong()).isEqualTo(2);
            assertThat(held.path("retry_at").isNull()).isTrue();
            assertThat(service.ask("SELECT body FROM brigade.outbox WHERE run_id = 2"))
                    .startsWith("The run failed: " + reason)
                    .contains(
                            "Not all of its results were published.",
                            "It will not be tried again until its inputs change.")
                    .doesNotContain("Its results were not published.");
            assertThat(CommandResult.of(Map.of("BRIGADE_DATA", folder.toString()), "plan", "city-requests")
                            .out())
                    .contains("A run would fail: 1 quality rule is broken: silver: ColumnValues \"case_status\"");
            assertThat(run(service, "bronze", "main")).isEqualTo("2");
            assertThat(run(service, "silver", "main")).isEqualTo("1");
            assertThat(run(service, "silver", "audit")).isEqualTo("2");
            assertThat(run(service, "months", "main")).isEqualTo("1");
            assertThat(run(service, "months", "audit")).isEmpty();
            JsonNode broken = rule(service, "ColumnValues \"case_status\"");
            assertThat(broken.path("passed").asBoolean()).isFalse();
            assertThat(broken.path("severity").asText()).isEqualTo("error");
            assertThat(broken.path("samples").path(0).path("case_enquiry_id").asLong())
                    .isEqualTo(2);
            assertThat(broken.path("samples").path(0).path("_source_file").asText())
                    .isEqualTo("2018.csv");
            assertThat(broken.path("samples").path(0).path("_source_line").asLong())
                    .isEqualTo(3);
            assertThat(broken.path("trend").toString())
                    .isEqualTo(
                            "[{\"run\":1,\"measured\":1,\"passed\":true},{\"run\":2,\"measured\":0.5,\"passed\":false}]");

            put(CASE.formatted(1, "Closed", "Roxbury") + CASE.formatted(2, "Open", "Roxbury"));
            service.awaitRun("city-requests", 3, "succeeded");
            assertThat(run(service, "silver", "main")).isEqualTo("3");
            assertThat(run(service, "silver", "audit")).isEmpty();
            assertThat(run(service, "months", "main")).isEqualTo("3");
            assertThat(rule(service, "ColumnValues \"case_status\"").path("trend"))
                    .hasSize(3);

            assertThat(service.post("/runs/3/replay", "").statusCode()).isBetween(200, 299);
            service.awaitRun("city-requests", 4, "succeeded");
            assertThat(run(service, "silver", "main"))
                    .as("no file changed, so it was not written again")
                    .isEqualTo("3");
            put(CASE.formatted(1, "Closed", "Roxbury") + CASE.formatted(2, "Lost", "Roxbury"));
            assertThat(service.awaitRun("city-requests", 5, "failed")
                            .path("error")
                            .asText())
                    .contains("People still see silver, late_cases and months as run 4 left them.");
            assertThat(run(service, "bronze", "main")).isEqualTo("5");
            assertThat(json(service, "/city-requests/charts").path("run").asLong())
                    .as("the run that published what the charts show")
                    .isEqualTo(4);
            assertThat(json(service, "/city-requests/lineage/1")
                            .path("snapshot_run")
                            .asLong())
                    .as("rows of bronze are shown, too")
                    .isEqualTo(5);
        }
    }

    @Test
    void the_same_files_are_not_run_again_by_themselves_and_are_held_again_when_asked_for() throws Exception {
        try (TestService service = new TestService(
                folder,
                Map.of(
                        "CITY_REQUESTS_QUIET", "100ms",
                        "CITY_REQUESTS_RAW", folder.resolve("city-requests/raw").toString(),
                        "CITY_REQUESTS_LAKE",
                                folder.resolve("city-requests/lake").toString()))) {
            put("");
            JsonNode held = service.awaitRun("city-requests", 1, "failed");
            assertThat(held.path("error").asText())
                    .startsWith("5 quality rules are broken: silver: RowCount > 0 measured 0, expected more than 0; ")
                    .contains("There is nothing to see yet of silver, late_cases and months.");
            JsonNode charts = json(service, "/city-requests/charts");
            assertThat(charts.path("run").isNull()).as(charts.toString()).isTrue();
            assertThat(charts.path("charts")
                            .path("totals")
                            .path(0)
                            .path("cases")
                            .asLong(-1))
                    .isZero();
            assertThat(service.post("/runs/1/replay", "").statusCode()).isBetween(200, 299);
            service.awaitRun("city-requests", 2, "failed");
            assertThat(
                            service.ask(
                                    "SELECT count(*) FROM lake.iceberg_tables WHERE table_name IN ('silver', 'late_cases', 'months')"))
                    .isEqualTo("0");
            assertThat(service.ask(
                            "SELECT count(*) FROM brigade.quality_verdicts WHERE NOT passed AND severity = 'error'"))
                    .isEqualTo("10");
        }
    }
}
