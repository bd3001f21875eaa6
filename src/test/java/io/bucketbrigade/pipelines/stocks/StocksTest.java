package io.bucketbrigade.pipelines.stocks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.support.SmallDisk;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class StocksTest {
    private static final Path SAMPLES = TestService.HOME.resolve("samples/stocks");
    private static final String HEADER = "Date,Open,High,Low,Close,Volume\n";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    private Path source() {
        return folder.resolve("stocks/source");
    }

    private void copy(Path from) throws IOException {
        for (String part : List.of("CompanyNames", "Stocks")) {
            try (Stream<Path> files = Files.walk(from.resolve(part))) {
                for (Path file : files.toList()) {
                    Path target = source().resolve(from.relativize(file));
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(file, target);
                    }
                }
            }
        }
    }

    private void file(String name, String text) throws IOException {
        Path file = source().resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void mark(String text) throws IOException {
        file(".SUCCESS", text);
    }

    private String output(String name) throws IOException {
        return Files.readString(source().resolve("Output").resolve(name));
    }

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
    void each_bad_kind_of_file_is_skipped_by_name_and_reason() throws Exception {
        copy(SAMPLES.resolve("every-bad-kind"));
        Files.copy(source().resolve("Stocks/good.csv"), source().resolve("Stocks/Missing.CSV"));
        try (TestService service = new TestService(folder, Map.of("STOCKS_MAX_MISSING", "95%"))) {
            mark("");
            JsonNode run = service.awaitRun("stocks", 1, "succeeded");
            assertThat(output("historical_stock_data.csv"))
                    .isEqualTo(Files.readString(SAMPLES.resolve("every-bad-kind/historical_stock_data.expected.csv")));
            assertThat(run.path("notes").path("named_again").asInt()).isEqualTo(1);
            JsonNode files = JSON.readTree(service.get("/runs/" + run.path("id").asLong() + "/files")
                            .body())
                    .path("files");
            assertThat(files.findValuesAsText("file"))
                    .containsExactly(
                            "good.csv",
                            "missing.csv",
                            "empty.csv",
                            "header-only.csv",
                            "column-missing.csv",
                            "gzip.csv",
                            "open-quote.csv",
                            "no-row-of-use.csv",
                            "same-column-twice.csv",
                            "utf-16.csv",
                            "../escape.csv");
            assertThat(files.findValuesAsText("skipped"))
                    .containsExactly(
                            "null",
                            "it is missing; Missing.CSV is there: if that is the right file, rename it, or correct the index",
                            "the file is empty. It needs a header with the names of its columns",
                            "it has a header but no rows",
                            "line 1, column volume: this column is missing; the header has: Date, Open, High, Low, Close."
                                    + " It was read as comma-separated; semicolon, tab, pipe were tried too",
                            files.get(5).path("skipped").asText(),
                            "line 3: a quote is opened and never closed",
                            "its only row can't be used; line 2: date: '03/02/2026' is not a valid date (YYYY-MM-DD)",
                            "line 1, column open: there are two columns with this name. Rename or remove one of them",
                            files.get(9).path("skipped").asText(),
                            "this is not the name of a file in Stocks");
            assertThat(files.get(5).path("skipped").asText()).contains("gzip");
            assertThat(files.get(9).path("skipped").asText()).contains("UTF-16");
        }
    }

    @Test
    void too_many_files_skipped_fail_the_run_and_nothing_is_published() throws Exception {
        copy(SAMPLES);
        Files.delete(source().resolve("Stocks/acme.us.csv"));
        try (TestService service = new TestService(folder, Map.of())) {
            mark("");
            JsonNode run = service.awaitRun("stocks", 1, "failed");
            assertThat(run.path("error").asText())
                    .isEqualTo(
                            "2 of 6 files that CompanyNames/top_companies.txt names can't be used (33.33%), more than"
                                    + " STOCKS_MAX_MISSING allows (20%); the first is acme.us.csv: it is missing. Correct the files or"
                                    + " raise the limit.");
            assertThat(source().resolve("Output/historical_stock_data.csv")).doesNotExist();
            assertThat(run.path("files_kept").asBoolean()).isTrue();
            Files.copy(SAMPLES.resolve("Stocks/acme.us.csv"), source().resolve("Stocks/acme.us.csv"));
            mark("once more");
            service.awaitRun("stocks", 2, "succeeded");
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
                    .startsWith("There was a run today, the most that are allowed. This one is done at ");
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
    void an_index_that_is_missing_no_list_or_too_long_fails_the_run_in_words() throws Exception {
        copy(SAMPLES);
        try (TestService service = new TestService(folder, Map.of("STOCKS_MAX_FILES", "5", "BRIGADE_POLL", "50ms"))) {
            mark("1");
            assertThat(service.awaitRun("stocks", 1, "failed").path("error").asText())
                    .contains("names 6 files, more than STOCKS_MAX_FILES allows (5)");
            file("CompanyNames/top_companies.txt", "'acme.us.csv',\n 'café's.csv', 'globex.us.csv'\n");
            mark("22");
            assertThat(service.awaitRun("stocks", 2, "failed").path("error").asText())
                    .contains(
                            "top_companies.txt, line 2, character 8: s.csv' is outside of quotes. Put each name in quotes, and"
                                    + " double a quote that belongs to a name.");
            file("CompanyNames/top_companies.txt", "'acme.us.csv', 'globex.us.csv\n'initech.us.csv'\n");
            mark("4444");
            assertThat(service.awaitRun("stocks", 3, "failed").path("error").asText())
                    .contains(
                            "top_companies.txt, line 1, character 16: the quote before globex.us.csv is never closed. Close it"
                                    + " in the same line.");
            file("CompanyNames/top_companies.txt", "'acme.us.csv' 'globex.us.csv'\n");
            mark("55555");
            assertThat(service.awaitRun("stocks", 4, "failed").path("error").asText())
                    .contains(
                            "top_companies.txt, line 1, character 15: a comma is missing before 'globex.us.csv'. Write one"
                                    + " between two names.");
            Files.delete(source().resolve("CompanyNames/top_companies.txt"));
            mark("333");
            assertThat(service.awaitRun("stocks", 5, "failed").path("error").asText())
                    .contains("CompanyNames/top_companies.txt is missing; it names the files.");
        }
    }

    @Test
    void a_name_that_is_not_utf_8_costs_no_other_name() throws Exception {
        String rows = HEADER + "2026-03-02,1,1,1,1,5\n";
        String trailingColumn = "Date,Open,High,Low,Close,Volume,\n2026-03-02,1,1,1,1,5,\n,,,,,,\n";
        file("Stocks/caf\u00e9.csv", trailingColumn);
        file("Stocks/gru\u0308n.csv", rows);
        Path index = source().resolve("CompanyNames/top_companies.txt");
        Files.createDirectories(index.getParent());
        Files.write(index, "'caf\u00e9.csv', 'gr\u00fcn.csv', 'no.csv'".getBytes(StandardCharsets.ISO_8859_1));
        CommandResult plan = CommandResult.of(
                Map.of("BRIGADE_DATA", folder.toString(), "STOCKS_MAX_MISSING", "70%"), "plan", "stocks");
        assertThat(plan.err()).isEmpty();
        assertThat(plan.out())
                .contains("A run would read 1 file and skip 2: 1 row, 1 accepted, 0 rejected.")
                .contains("2 names of CompanyNames/top_companies.txt read as Windows-1252")
                .contains("1 line without any value in the stock files")
                .contains(
                        "gr\u00fcn.csv: it is missing; gru\u0308n.csv is there, which looks the same but is encoded in another"
                                + " way (Unicode NFD, as macOS writes names): if that is the right file, rename it, or correct the index")
                .contains("no.csv: it is missing");
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
    void seven_thousand_further_files_and_dot_files_do_not_disturb() throws Exception {
        copy(SAMPLES);
        for (int number = 0; number < 7000; number++) {
            file("Stocks/further-" + number + ".csv", "x");
        }
        file("Stocks/.hidden", "x");
        try (TestService service = new TestService(folder, Map.of())) {
            mark("");
            service.awaitRun("stocks", 1, "succeeded");
            assertThat(output("historical_stock_data.csv"))
                    .isEqualTo(Files.readString(SAMPLES.resolve("historical_stock_data.expected.csv")));
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
                    .contains("There is no pipeline 'tides' that reads files. There are: leaderboard, stocks, orders.");
            assertThat(CommandResult.of(Map.of(), "run", "stocks").err()).contains("--again --why");
        }
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
    void a_plan_says_what_a_run_would_take_and_leave_out_and_writes_nothing() throws Exception {
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
                        "  Noted: files 6, files_accepted 5, files_skipped 1",
                        "  gone.us.csv: it is missing",
                        "  umbra.us.csv, line 5: low: 'x' is not a number",
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
