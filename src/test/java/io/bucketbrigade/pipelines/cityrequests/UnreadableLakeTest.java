package io.bucketbrigade.pipelines.cityrequests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.files.TemporaryFolder;
import io.bucketbrigade.lake.LakeUpkeep;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestService;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A lake of which files are lost, or whose catalog somebody has changed. One service, which each test leaves as it was. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnreadableLakeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> CALLS = List.of("/charts", "/charts/totals", "/filters", "/lineage/1");

    private TestService service;
    private Path folder;
    private int cases = 100;

    @BeforeAll
    void start(@TempDir Path made) throws Exception {
        folder = made;
        service = new TestService(made, Map.of("CITY_REQUESTS_QUIET", "100ms"));
        change();
        awaitCases();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private void restart() throws Exception {
        service.close();
        service.startAgain();
    }

    private void change() throws Exception {
        cases++;
        Path raw = Files.createDirectories(folder.resolve("city-requests/raw"));
        Path whole = Files.writeString(folder.resolve("cases.csv"), MadeCases.csv(MadeCases.of(cases, 1)));
        Files.move(whole, raw.resolve("cases.csv"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void awaitCases() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            HttpResponse<String> totals = service.get("/city-requests/charts/totals");
            assertThat(totals.statusCode()).as(totals.body()).isEqualTo(200);
            assertThat(JSON.readTree(totals.body()).path(0).path("cases").asInt())
                    .isEqualTo(cases);
        });
    }

    private String awaitFailure() {
        AtomicReference<String> error = new AtomicReference<>("");
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            JsonNode run = service.latestRun("city-requests");
            assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("failed");
            error.set(run.path("error").asText());
        });
        return Objects.requireNonNull(error.get());
    }

    private JsonNode again(int status) throws Exception {
        HttpResponse<String> answer = service.post(
                "/pipelines/city-requests/again",
                "{\"why\": \"the lake is lost\", \"forgetLostTables\": true}",
                "Content-Type",
                "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    private void assertUnavailable(String words) throws Exception {
        for (String call : CALLS) {
            HttpResponse<String> answer = service.get("/city-requests" + call);
            assertThat(answer.statusCode()).as(call + answer.body()).isEqualTo(503);
            assertThat(JSON.readTree(answer.body()).path("detail").asText())
                    .startsWith("The table city_requests.")
                    .contains(words)
                    .doesNotContain(folder.toString(), "fault in Bucket Brigade");
        }
    }

    private Path lake() {
        return folder.resolve("city-requests/lake");
    }

    private List<Path> dataFiles(String table) throws Exception {
        try (Stream<Path> files = Files.walk(lake().resolve("city_requests/" + table))) {
            return files.filter(file -> file.toString().endsWith(".parquet")).toList();
        }
    }

    private Path metadata(String table) throws Exception {
        String address =
                service.ask("SELECT metadata_location FROM lake.iceberg_tables WHERE table_name = '" + table + "'");
        return Path.of(address.substring("file://".length()));
    }

    @Test
    void a_lost_lake_is_made_again_from_raw_when_somebody_says_so() throws Exception {
        service.close();
        TemporaryFolder.remove(lake());
        service.startAgain();
        assertThat(again(409).path("detail").asText()).contains("its disk may only be away", "create its folder");
        assertUnavailable("is missing. Bring the lake back");
        change();
        assertThat(awaitFailure())
                .startsWith("The table city_requests.bronze can't be read: its file city_requests/bronze/metadata/")
                .endsWith("./brigade run city-requests --again --why \"…\" --forget-lost-tables.")
                .doesNotContain(folder.toString());
        assertThat(again(202).path("trigger").asText())
                .startsWith("again: the lake is lost; forgot the lost tables city_requests.bronze, ");
        awaitCases();
        assertThat(again(409).path("detail").asText()).contains("No table of city-requests is lost.");
        JsonNode run = service.latestRun("city-requests");
        assertThat(run.path("trigger").asText()).contains("forgot the lost tables");
        assertThat(service.get("/city-requests/quality").statusCode()).isEqualTo(200);
    }

    @Test
    void a_data_file_that_is_lost_or_cut_off_is_named_and_its_table_made_again_from_the_others() throws Exception {
        Path bronze = metadata("bronze");
        for (Path file : dataFiles("silver")) {
            Files.writeString(file, "cut off");
        }
        change();
        assertThat(awaitFailure())
                .startsWith("The table city_requests.silver can't be read: its file city_requests/silver/data/")
                .contains(".parquet has 7 bytes instead of ");
        assertThat(again(202).path("trigger").asText())
                .isEqualTo("again: the lake is lost; forgot the lost tables city_requests.silver");
        awaitCases();
        assertThat(metadata("bronze").getParent()).isEqualTo(bronze.getParent());
    }

    @ParameterizedTest
    @CsvSource({
        "'file:///etc/passwd','is not in the lake, but in another folder or bucket'",
        "'file://LAKE/none.metadata.json','its file none.metadata.json is missing'",
        "'file://LAKE/garbage.metadata.json','its metadata file garbage.metadata.json is damaged'",
        ",'names no metadata file'"
    })
    void a_table_whose_pointer_was_changed_is_said_and_tables_that_nobody_names_do_not_matter(
            @Nullable String address, String words) throws Exception {
        Files.writeString(lake().resolve("garbage.metadata.json"), "{\"format-version\": 2, ");
        String pointer = address == null ? "NULL" : "'" + address.replace("LAKE", lake().toString()) + "'";
        service.execute("INSERT INTO lake.iceberg_tables VALUES ('brigade', 'city_requests', 'foreign', " + pointer
                + ", NULL, 'TABLE')");
        restart();
        change();
        awaitCases();
        for (String call : CALLS) {
            assertThat(service.get("/city-requests" + call).statusCode())
                    .as(call)
                    .isIn(200, 404);
        }
        LakeUpkeep upkeep = Objects.requireNonNull(
                service.context().getRegistry().lookupByNameAndType("lakeUpkeep", LakeUpkeep.class));
        assertThatThrownBy(upkeep::tidy)
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith("Unneeded files of city_requests are not removed: ");
        service.execute("DELETE FROM lake.iceberg_tables WHERE table_name = 'foreign'");

        Path silver = metadata("silver");
        service.execute(
                "UPDATE lake.iceberg_tables SET metadata_location = " + pointer + " WHERE table_name = 'silver'");
        restart();
        assertUnavailable(words);
        change();
        assertThat(awaitFailure()).startsWith("The table city_requests.silver ").contains(words);
        service.execute("UPDATE lake.iceberg_tables SET metadata_location = 'file://" + silver
                + "' WHERE table_name = 'silver'");
        awaitCases();
    }
}
