package io.bucketbrigade.pipelines.stocks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.support.TestService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class StocksFilesTest extends StocksFolder {
    private static final String HEADER = "Date,Open,High,Low,Close,Volume\n";
    private static final ObjectMapper JSON = new ObjectMapper();

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
    void two_thousand_further_files_and_dot_files_do_not_disturb() throws Exception {
        copy(SAMPLES);
        for (int number = 0; number < 2000; number++) {
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
}
