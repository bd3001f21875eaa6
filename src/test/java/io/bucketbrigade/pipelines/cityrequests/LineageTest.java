package io.bucketbrigade.pipelines.cityrequests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a case comes from. */
@Tag("slow")
class LineageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HEADER =
            "case_enquiry_id,open_dt,target_dt,closed_dt,ontime,case_status,neighborhood,location_zipcode,latitude,longitude\n";
    /** Names that the program or its SQL might use beside a file's columns. */
    private static final List<String> ODD = List.of(
            "_id",
            "_outcome",
            "_reason",
            "_written_by",
            "_data_file",
            "filename",
            "is_in_silver",
            "is_latest",
            "rejected_because",
            "rejected_column",
            "row",
            "c",
            "r",
            "candidates",
            "reason",
            "column",
            "text",
            "case_number",
            "emoji \uD83D\uDE00");

    private static final String LATE =
            "%s,%s-03-01 15:18:12,%2$s-03-02 15:18:12,%2$s-03-05 10:00:00,OVERDUE,%3$s,Roxbury,02118,42.3,-71.1\n";
    private static final String OPEN = "%s,%s 15:18:12,,,ONTIME,Open,Roxbury,02118,42.3,-71.1\n";

    @TempDir
    private Path folder = Path.of("");

    private void put(String name, String rows) throws IOException {
        put(name, HEADER, rows);
    }

    private void put(String name, String header, String rows) throws IOException {
        Path whole = Files.writeString(folder.resolve(name), header + rows);
        Path raw = Files.createDirectories(folder.resolve("city-requests/raw"));
        Files.move(whole, raw.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static JsonNode lineage(TestService service, String number) throws Exception {
        HttpResponse<String> answer = service.get("/city-requests/lineage/" + number);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static String places(JsonNode lineage) {
        return String.join(
                "; ",
                StreamSupport.stream(lineage.path("bronze").spliterator(), false)
                        .map(row -> row.path("_outcome").asText() + " "
                                + row.path("_source_file").asText() + ":"
                                + row.path("_source_line").asText() + " run "
                                + row.path("_run").asText())
                        .toList());
    }

    private static String problem(TestService service, String number, int status) throws Exception {
        HttpResponse<String> answer = service.get("/city-requests/lineage/" + number);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body()).path("detail").asText();
    }

    @Test
    void a_case_is_traced_to_all_its_rows_and_to_the_runs_that_wrote_them() throws Exception {
        try (TestService service =
                new TestService(folder, Map.of("CITY_REQUESTS_QUIET", "100ms", "CITY_REQUESTS_MAX_REJECTED", "50%"))) {
            assertThat(problem(service, "101", 404)).startsWith("No row of a file that was read has a case");
            put(
                    "2018.csv",
                    LATE.formatted("101", "2018", "Closed")
                            + OPEN.formatted("102", "2018-05-01")
                            + OPEN.formatted("103", "N/A")
                            + OPEN.formatted("104", "2018-06-01"));
            service.awaitRun("city-requests", 1, "succeeded");
            put(
                    "2019.csv",
                    HEADER.replace("\n", "," + String.join(",", ODD) + "\n"),
                    (OPEN.formatted(" 0102.0", "2019-05-01") + OPEN.formatted("1102", "2019-05-02"))
                            .replace("\n", ",the " + String.join(",the ", ODD) + "\n"));
            service.awaitRun("city-requests", 2, "succeeded");

            JsonNode late = lineage(service, "101");
            assertThat(late.path("snapshot_run").asLong()).isEqualTo(2);
            assertThat(late.path("gold").path("delay_days").asLong()).isEqualTo(3);
            assertThat(late.path("gold").path("_run").asLong()).isEqualTo(2);
            assertThat(late.path("silver").path("open_dt").asText()).isEqualTo("2018-03-01T15:18:12");
            assertThat(late.path("silver").path("_run").asLong())
                    .as("its month did not change")
                    .isEqualTo(1);
            assertThat(places(late)).isEqualTo("counts 2018.csv:2 run 1");
            JsonNode row = late.path("bronze").path(0);
            assertThat(row.path("row").path("open_dt").asText()).isEqualTo("2018-03-01 15:18:12");
            assertThat(row.path("row").path("_outcome").isNull())
                    .as("its file has no such column")
                    .isTrue();
            assertThat(row.path("_source_version").asText())
                    .isEqualTo(late.path("silver").path("_source_version").asText())
                    .isNotEmpty();
            assertThat(row.path("_fetched_at").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
            assertThat(late.path("runs").findValuesAsText("id")).containsExactly("1", "2");
            assertThat(late.path("runs").findValuesAsText("state")).containsExactly("succeeded", "succeeded");
            assertThat(late.path("runs").path(0).path("started_at").asText()).endsWith("Z");

            JsonNode again = lineage(service, "102");
            assertThat(again.path("gold").isNull()).isTrue();
            assertThat(again.path("silver").path("year").asInt()).isEqualTo(2019);
            assertThat(again.path("silver").path("_run").asLong()).isEqualTo(2);
            assertThat(places(again)).isEqualTo("replaced 2018.csv:3 run 1; counts 2019.csv:2 run 2");

            for (String name : ODD) {
                assertThat(again.path("bronze").path(1).path("row").path(name).asText())
                        .isEqualTo("the " + name);
            }

            JsonNode rejected = lineage(service, "103");
            assertThat(rejected.path("silver").isNull()).isTrue();
            assertThat(places(rejected)).isEqualTo("rejected 2018.csv:4 run 1");
            assertThat(rejected.path("bronze").path(0).path("_reason").asText())
                    .isEqualTo("open_dt: 'N/A 15:18:12' is not a time");

            assertThat(problem(service, "10", 404)).startsWith("No row of a file that was read has a case");
            assertThat(problem(service, "abc", 404)).contains("must be a whole number");
            assertThat(problem(service, "1%20or%201=1", 404)).contains("must be a whole number");
        }
    }

    @Test
    void a_row_that_the_quality_rules_hold_back_is_shown_as_such_beside_the_row_that_people_see() throws Exception {
        try (TestService service = new TestService(folder, Map.of("CITY_REQUESTS_QUIET", "100ms"))) {
            put("2018.csv", LATE.formatted("101", "2018", "Closed"));
            put("2019.csv", LATE.formatted("102", "2019", "Lost"));
            service.awaitRun("city-requests", 1, "failed");
            assertThat(places(lineage(service, "101"))).isEqualTo("held back 2018.csv:2 run 1");
            put("2019.csv", LATE.formatted("102", "2019", "Closed"));
            service.awaitRun("city-requests", 2, "succeeded");
            assertThat(places(lineage(service, "101"))).isEqualTo("counts 2018.csv:2 run 1");
            put("2019.csv", LATE.formatted("101", "2019", "Lost"));
            service.awaitRun("city-requests", 3, "failed");
            JsonNode held = lineage(service, "101");
            assertThat(places(held)).isEqualTo("counts 2018.csv:2 run 1; held back 2019.csv:2 run 3");
            assertThat(held.path("silver").path("_run").asLong()).isEqualTo(2);
            assertThat(held.path("runs").findValuesAsText("state")).containsExactly("failed", "succeeded", "failed");
        }
    }
}
