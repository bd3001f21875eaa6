package io.bucketbrigade.pipelines.stocks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.support.SmallDisk;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class StocksTest extends StocksFolder {
    private static final String HEADER = "Date,Open,High,Low,Close,Volume\n";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void the_files_that_the_index_names_become_one_file_one_table_and_a_record() throws Exception {
        copy(SAMPLES);
        try (TestService service = new TestService(folder, Map.of())) {
            mark("");
            JsonNode run = service.awaitRun("stocks", 1, "succeeded");
            assertThat(output("historical_stock_data.csv"))
                    .isEqualTo(Files.readString(SAMPLES.resolve("historical_stock_data.expected.csv")));
            assertThat(output("rejected.csv")).isEqualTo(Files.readString(SAMPLES.resolve("rejected.expected.csv")));
            assertThat(run.path("notes").path("files_accepted").asInt()).isEqualTo(5);
            assertThat(run.path("notes").path("files_skipped").asInt()).isEqualTo(1);
            assertThat(run.path("rows_read").asInt()).isEqualTo(17);
            assertThat(run.path("rows_rejected").asInt()).isEqualTo(5);
        }
    }

    @Test
    void a_marker_begins_one_run_and_a_further_one_of_the_day_is_skipped_until_the_next() throws Exception {
        copy(SAMPLES);
        try (TestService service = new TestService(folder, Map.of("STOCKS_TIME_ZONE", "Europe/Lisbon"))) {
            mark("");
            service.awaitRun("stocks", 1, "succeeded");
            file("Stocks/acme.us.csv", HEADER + "2026-03-02,9,9,9,9,9\n");
            mark("a further one");
            JsonNode skipped = service.awaitRun("stocks", 2, "skipped");
            assertThat(skipped.path("error").asText())
                    .startsWith("There was a run today, and no more are allowed. This one is done at ");
            assertThat(skipped.path("retry_at").asText()).isNotBlank();
            assertThat(output("historical_stock_data.csv")).contains("0.42388");
            service.execute("UPDATE brigade.runs SET finished_at = finished_at - interval '1 day',"
                    + " retry_at = retry_at - interval '1 day' WHERE pipeline = 'stocks'");
            JsonNode next = service.awaitRun("stocks", 3, "succeeded");
            assertThat(next.path("id").asLong()).isEqualTo(3);
            assertThat(output("historical_stock_data.csv")).doesNotContain("0.42388");
        }
    }

    @Test
    void known_days_are_updated_new_ones_inserted_and_the_view_has_types() throws Exception {
        file("CompanyNames/top_companies.txt", "'a.csv'");
        file("Stocks/a.csv", HEADER + "2026-03-02,1,2,1,2,10\n2026-03-03,2,3,2,3,20\n");
        try (TestService service = new TestService(folder, Map.of("STOCKS_RUNS_PER_DAY", "9"))) {
            mark("");
            service.awaitRun("stocks", 1, "succeeded");
            file("Stocks/a.csv", HEADER + "2026-03-03,2,3,2,4,25\n2026-03-04,,3,2,4,\n");
            mark("again");
            service.awaitRun("stocks", 2, "succeeded");
            assertThat(service.ask("SELECT string_agg(h::text, ' ' ORDER BY stock_date) FROM historical_stocks h"))
                    .isEqualTo("(a,2026-03-02,1,2,1,2,10,100,1) (a,2026-03-03,2,3,2,4,25,100,2)"
                            + " (a,2026-03-04,,3,2,4,,,)");
            assertThat(service.ask("SELECT count(*) FROM historical_stocks_data WHERE open_value IS NULL"))
                    .isEqualTo("1");
        }
    }

    @Test
    void who_says_why_gets_a_run_once_more_though_the_day_is_used_up() throws Exception {
        copy(SAMPLES);
        try (TestService service = new TestService(folder, Map.of())) {
            mark("");
            service.awaitRun("stocks", 1, "succeeded");
            CommandResult asked = CommandResult.of(
                    Map.of("BRIGADE_HTTP_PORT", Integer.toString(service.port())),
                    "run",
                    "stocks",
                    "--again",
                    "--why",
                    "acme was  wrong");
            assertThat(asked.err()).isEmpty();
            assertThat(asked.out()).contains("stocks will run again at the next check (again: acme was wrong)");
            assertThat(service.awaitRun("stocks", 2, "succeeded")
                            .path("trigger")
                            .asText())
                    .isEqualTo("again: acme was wrong");
            assertThat(service.post("/pipelines/tides/again", "{\"why\": \"x\"}", "Content-Type", "application/json")
                            .body())
                    .contains(
                            "There is no pipeline 'tides' that reads files. There are: leaderboard, stocks, orders, transactions, city-requests.");
        }
        CommandResult withoutReason = CommandResult.of(Map.of(), "run", "stocks", "--again");
        assertThat(withoutReason.err()).contains("--again --why");
        assertThat(withoutReason.status()).isEqualTo(2);
    }

    @Test
    void companies_and_their_days_are_served_as_json_and_csv() throws Exception {
        copy(SAMPLES);
        try (TestService service = new TestService(folder, Map.of())) {
            assertThat(JSON.readTree(service.get("/stocks").body())).hasToString("{\"companies\":[]}");
            mark("");
            service.awaitRun("stocks", 1, "succeeded");
            JsonNode companies = JSON.readTree(service.get("/stocks").body()).path("companies");
            assertThat(companies.findValuesAsText("company"))
                    .containsExactly("acme.us", "globex.us", "initech.us", "umbra.us", "wayne.us");
            assertThat(companies.get(0))
                    .hasToString("{\"company\":\"acme.us\",\"first_day\":\"2026-03-02\",\"last_day\":\"2026-03-04\","
                            + "\"last_close\":0.43,\"closes\":[0.42134,0.42134,0.43]}");
            assertThat(JSON.readTree(service.get("/stocks/globex.us?from=2026-03-03")
                                    .body())
                            .path("days")
                            .get(1))
                    .hasToString("{\"date\":\"2026-03-04\",\"open\":null,\"high\":26,\"low\":25,\"close\":25.75,"
                            + "\"volume\":null,\"percent\":null,\"change\":null}");
            assertThat(JSON.readTree(service.get("/stocks/acme.us?from=2030-01-01")
                                    .body())
                            .path("days"))
                    .isEmpty();
            assertThat(service.get("/stocks/acme.us?to=2026-03-02&format=csv").body())
                    .isEqualTo(
                            "stock_date,open_value,high_value,low_value,close_value,volume_traded,daily_percent_change,"
                                    + "value_change,company_name\n"
                                    + "2026-03-02,0.42388,0.42902,0.41874,0.42134,23220030,-0.599226,-0.00254,acme.us\n");
            assertThat(service.get("/stocks/nobody").statusCode()).isEqualTo(404);
            assertThat(service.get("/stocks/acme.us?from=yesterday").body())
                    .contains("The parameter from is 'yesterday'; it must be a date such as 2005-02-25.");
            for (String year : List.of("%2B999999999", "-0001", "0000")) {
                assertThat(service.get("/stocks/acme.us?from=" + year + "-01-01")
                                .statusCode())
                        .as(year)
                        .isEqualTo(400);
            }
        }
    }

    @Test
    void a_company_is_found_whatever_its_name_needs_in_an_address() throws Exception {
        String[][] companies = {
            {"%5EGSPC", "^GSPC"}, {"EURUSD%3DX", "EURUSD=X"}, {"BRK%20B", "BRK B"}, {"caf%C3%A9.us", "café.us"}
        };
        String encodedTwice = "%255EGSPC";
        file(
                "CompanyNames/top_companies.txt",
                Stream.of(companies).map(name -> "'" + name[1] + ".csv'").collect(Collectors.joining(", ")));
        for (String[] company : companies) {
            file("Stocks/" + company[1] + ".csv", HEADER + "2026-03-02,1,2,1,2,10\n");
        }
        try (TestService service = new TestService(folder, Map.of())) {
            mark("");
            service.awaitRun("stocks", 1, "succeeded");
            for (String[] company : companies) {
                JsonNode found =
                        JSON.readTree(service.get("/stocks/" + company[0]).body());
                assertThat(found.path("company").asText()).isEqualTo(company[1]);
                assertThat(found.path("days")).hasSize(1);
                assertThat(service.get("/stocks/" + company[0] + "?format=csv").body())
                        .endsWith("," + company[1] + "\n");
            }
            assertThat(service.get("/stocks/" + encodedTwice).body()).contains("There is no company '%5EGSPC'");
        }
    }

    @Test
    void source_marker_and_output_may_lie_in_buckets() throws Exception {
        TestBuckets buckets = TestBuckets.s3Proxy();
        String bucket = buckets.newBucket();
        Map<String, String> environment = new HashMap<>(buckets.environment());
        environment.put("STOCKS_SOURCE", "s3://" + bucket + "/daily");
        environment.put("STOCKS_MONITORED", "s3://" + bucket + "/markers");
        try (TestService service = new TestService(folder, environment)) {
            buckets.put(
                    bucket,
                    "daily/CompanyNames/top_companies.txt",
                    Files.readString(SAMPLES.resolve("CompanyNames/top_companies.txt")));
            for (String name : List.of("acme", "globex", "initech", "umbra", "wayne", "not-named")) {
                String file = "Stocks/" + name + ".us.csv";
                buckets.put(bucket, "daily/" + file, Files.readString(SAMPLES.resolve(file)));
            }
            buckets.put(bucket, "markers/.SUCCESS", "");
            service.awaitRun("stocks", 1, "succeeded");
            assertThat(buckets.get(bucket, "daily/Output/historical_stock_data.csv")
                            .asUtf8String())
                    .isEqualTo(Files.readString(SAMPLES.resolve("historical_stock_data.expected.csv")));
            assertThat(buckets.get(bucket, "daily/Output/rejected.csv").asUtf8String())
                    .isEqualTo(Files.readString(SAMPLES.resolve("rejected.expected.csv")));
            assertThat(folder.resolve("tmp")).isEmptyDirectory();
        }
    }

    @Test
    void a_full_disk_fails_the_run_in_words_and_passes_by_itself() throws Exception {
        Path output = folder.resolve("small");
        try (SmallDisk disk = new SmallDisk(output, "64k");
                TestService service = new TestService(folder, Map.of("STOCKS_OUTPUT", output.toString()))) {
            StringBuilder index = new StringBuilder();
            String rows = IntStream.range(0, 3000)
                    .mapToObj(day -> LocalDate.of(2000, 1, 1).plusDays(day) + ",1,2,1,2,10\n")
                    .collect(Collectors.joining("", HEADER, ""));
            for (int number = 0; number < 20; number++) {
                file("Stocks/c" + number + ".csv", rows);
                index.append("'c").append(number).append(".csv'\n");
            }
            file("CompanyNames/top_companies.txt", index.toString());
            mark("");
            assertThat(service.awaitRun("stocks", 1, "failed").path("error").asText())
                    .contains("No space left on device");
            try (Stream<Path> files = Files.list(output)) {
                assertThat(files).as("what was begun").isEmpty();
            }
            disk.grow("20m");
            assertThat(service.awaitRun("stocks", 2, "succeeded")
                            .path("rows_counted")
                            .asInt())
                    .isEqualTo(60_000);
        }
    }

    @Test
    void a_plan_says_what_a_run_would_accept_and_skip_and_writes_nothing() throws Exception {
        Map<String, String> environment = Map.of("BRIGADE_DATA", folder.toString());
        CommandResult waiting = CommandResult.of(environment, "plan", "stocks");
        assertThat(waiting.out()).contains(".SUCCESS is missing in ", "CompanyNames/top_companies.txt is missing.");
        assertThat(waiting.status()).as("waiting for inputs").isZero();
        Files.createDirectories(source());
        Path marker = Files.createFile(source().resolve(".SUCCESS"));
        CommandResult withoutIndex = CommandResult.of(environment, "plan", "stocks");
        assertThat(withoutIndex.out())
                .contains("A run would fail: " + source() + "/CompanyNames/top_companies.txt is missing");
        assertThat(withoutIndex.status()).isEqualTo(1);
        Path misnamed = source().resolve("CompanyNames/Top Companies.txt");
        Files.createDirectories(misnamed.getParent());
        Files.createFile(misnamed);
        assertThat(CommandResult.of(environment, "plan", "stocks").out())
                .contains("    Top Companies.txt is there: if that is the right file, rename it to top_companies.txt.");
        Files.delete(misnamed);
        Files.delete(marker);
        copy(SAMPLES);
        CommandResult plan = CommandResult.of(environment, "plan", "stocks");
        assertThat(plan.err()).isEmpty();
        assertThat(plan.status()).isZero();
        assertThat(plan.out())
                .contains(
                        "A run would read 5 files and skip 1: 17 rows, 12 accepted, 5 rejected.",
                        "  gone.us.csv: it is missing",
                        "  umbra.us.csv, line 5: low: 'x' is not a number",
                        "A run starts when .SUCCESS is there, and would succeed.",
                        "Nothing was written.");
        assertThat(source().resolve("Output")).doesNotExist();
        CommandResult strict = CommandResult.of(
                Map.of("BRIGADE_DATA", folder.toString(), "STOCKS_MAX_MISSING", "0%"), "plan", "stocks");
        assertThat(strict.out()).contains("A run would fail: 1 of 6 files", "STOCKS_MAX_MISSING allows (0%)");
        assertThat(strict.status()).isEqualTo(1);
        Files.writeString(source().resolve("CompanyNames/top_companies.txt"), "'gone.us.csv'");
        CommandResult none = CommandResult.of(
                Map.of("BRIGADE_DATA", folder.toString(), "STOCKS_MAX_MISSING", "100%"), "plan", "stocks");
        assertThat(none.out())
                .contains("Skipped:\n  gone.us.csv: it is missing")
                .contains("A run would fail: None of the files that CompanyNames/top_companies.txt names can be used.");
        assertThat(none.status()).isEqualTo(1);
        for (String setting : List.of("STOCKS_MAX_FILES", "STOCKS_MAX_MISSING")) {
            Map<String, String> nonsense = Map.of("BRIGADE_DATA", folder.toString(), setting, "many");
            assertThat(CommandResult.of(nonsense, "plan", "stocks").err())
                    .startsWith(setting + " is 'many'; it must be ");
        }
    }
}
