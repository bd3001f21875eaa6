package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class PlanCommandTest {
    private static final String SAMPLE = TestService.HOME + "/samples/leaderboard/";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void plan_says_what_a_run_would_do_and_writes_nothing() throws IOException {
        Map<String, String> environment = Map.of("BRIGADE_DATA", folder.toString());
        assertThat(CommandResult.of(environment, "plan").out())
                .contains("messages.csv is missing", "users.csv is missing");
        Path raw = Files.createDirectories(folder.resolve("leaderboard/raw"));
        Files.copy(Path.of(SAMPLE, "messages.csv"), raw.resolve("messages.csv"));
        Path misnamed = Files.copy(Path.of(SAMPLE, "users.csv"), raw.resolve("Users.csv.txt"));
        Path orders = Files.createDirectories(folder.resolve("orders/raw"));
        Files.writeString(orders.resolve("Shipment Deliveries.csv"), "");
        CommandResult incomplete = CommandResult.of(environment, "plan");
        Files.delete(misnamed);
        assertThat(incomplete.out())
                .contains("users.csv is missing. It needs the columns user_id, first_name, last_name.")
                .contains("    Users.csv.txt is there: if that is the right file, rename it to users.csv.")
                .contains(
                        "    Shipment Deliveries.csv is there: if that is the right file, rename it to shipment_deliveries.csv.")
                .contains("A run starts when all of its inputs are there.", "Nothing was written.");
        Files.copy(Path.of(SAMPLE, "users.csv"), raw.resolve("users.csv"));
        assertThat(CommandResult.of(environment, "plan", "leaderboard").out())
                .contains("messages.csv: 2,543 bytes", "columns message_id, author_id, received_at, content")
                .contains("line 2: 1 | 4 | 2026-03-02T08:48:00Z | Thanks!")
                .contains("A run would read 44 rows, 44 accepted, 0 rejected.\n  Noted: authors 8, unknown_authors 1\n")
                .contains("There is no result in " + folder + "/leaderboard/result yet", "A run would succeed.");
        Path result = Files.createDirectories(folder.resolve("leaderboard/result"));
        Files.writeString(
                result.resolve("pipeline_result.csv"),
                "user_id,messages,name\n7,1,Gio \"\"Gigi\"\" Rossi\n1,9,Andre Silva\n99,5,Eve\n"
                        .replace("Gio \"\"Gigi\"\" Rossi", "\"Gio \"\"Gigi\"\" Rossi\""));
        assertThat(CommandResult.of(environment, "plan").out())
                .contains("6 new on the board, 1 gone from it, 1 with another number or name.")
                .contains("▲ 2 to place 1: Gio \"Gigi\" Rossi", "▼ 1 to place 2: Andre Silva")
                .contains("Nothing was written.");
        Files.writeString(raw.resolve("messages.csv"), "message_id,author_id,received_at,content\n");
        String refusal = "messages.csv has no rows, so the board would become empty. Provide the whole messages.csv"
                + ", or set LEADERBOARD_ALLOW_EMPTY=true if the board should be empty.\n";
        CommandResult failing = CommandResult.of(environment, "plan", "leaderboard");
        assertThat(failing.out()).contains("A run would fail: " + refusal, "Nothing was written.");
        assertThat(failing.status()).isEqualTo(1);
        String[] aggregate = {
            "aggregate",
            raw.resolve("messages.csv").toString(),
            raw.resolve("users.csv").toString(),
            result.toString()
        };
        assertThat(CommandResult.of(environment, aggregate).err()).isEqualTo(refusal);
        assertThat(CommandResult.of(Map.of("LEADERBOARD_ALLOW_EMPTY", "ja"), aggregate)
                        .err())
                .isEqualTo("LEADERBOARD_ALLOW_EMPTY is 'ja'; it must be true or false.\n");
        assertThat(result.resolve("pipeline_result.csv")).content().contains("Andre Silva");
        CommandResult meant = CommandResult.of(Map.of("LEADERBOARD_ALLOW_EMPTY", "true"), aggregate);
        assertThat(meant.err()).isEmpty();
        assertThat(result.resolve("pipeline_result.csv")).hasContent("user_id,messages,name\n");
        Files.writeString(raw.resolve("messages.csv"), "message_id,author_id,received_at,content\n1,4.0,t,a\n");
        assertThat(CommandResult.of(environment, "plan", "leaderboard").out())
                .contains(
                        "A run would fail: messages.csv has author '4.0', users.csv has user 4: none of the authors is in");
        Files.writeString(raw.resolve("messages.csv"), "message_id,author_id,received_at,content\n1,,t,a\n2,4,t,a\n");
        assertThat(CommandResult.of(environment, "plan", "leaderboard").out())
                .contains("A run would read 2 rows, 1 accepted, 1 rejected.", "Rejected:\n  messages.csv, line 2: ")
                .contains("A run would fail: messages.csv, line 2: ");
        assertThat(folder.resolve("postgres")).doesNotExist();
        assertThat(CommandResult.of(environment, "plan", "tides").err())
                .contains("There is no plan for 'tides', nor a pipeline. There are plans for: leaderboard, ");
        Path shoals = Files.createDirectories(folder.resolve("routes/shoals"));
        Files.writeString(shoals.resolve("pipeline.yaml"), "title: Shoals\ndescription: Counts fish\ntask: count\n");
        assertThat(CommandResult.of(
                                Map.of(
                                        "BRIGADE_DATA", folder.toString(),
                                        "BRIGADE_ROUTES",
                                                folder.resolve("routes").toString()),
                                "plan",
                                "shoals")
                        .err())
                .contains("There is no plan for 'shoals': its pipeline.yaml names no route");
    }

    @Test
    void plan_names_files_that_are_not_read_because_of_their_names() throws IOException {
        Path raw = Files.createDirectories(folder.resolve("city-requests/raw"));
        Files.writeString(raw.resolve("2020.csv"), "case_enquiry_id,open_dt\n1,2020-01-02 03:04:05\n");
        Files.writeString(raw.resolve("2021.CSV"), "");
        assertThat(CommandResult.of(Map.of("BRIGADE_DATA", folder.toString()), "plan", "city-requests")
                        .out())
                .contains("2021.CSV is ignored, because only files called *.csv are read");
    }

    @Test
    void plan_calls_keys_below_the_name_of_an_input_a_folder() {
        TestBuckets buckets = TestBuckets.s3Proxy();
        String bucket = buckets.newBucket();
        Map<String, String> environment = new HashMap<>(buckets.environment());
        environment.put("LEADERBOARD_RAW", "s3://" + bucket + "/in");
        for (String part : new String[] {"part-00000-4f.csv", "part-00001-4f.csv", "_SUCCESS"}) {
            buckets.put(bucket, "in/messages.csv/" + part, "");
        }
        assertThat(CommandResult.of(environment, "plan", "leaderboard").out())
                .contains(
                        "    messages.csv is a folder there, with _SUCCESS, part-00000-4f.csv and part-00001-4f.csv in it,"
                                + " and a file is needed: put its rows there as one file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "4194304"})
    void lines_without_any_value_are_counted_whatever_the_size_of_blocks(String block) {
        String sample = SAMPLE + "lines-of-no-break-blanks-and-of-empty-quotes/";
        CommandResult result = CommandResult.of(
                Map.of("LEADERBOARD_MAX_REJECTED", "100%", "BRIGADE_COUNTING_BLOCK", block),
                "aggregate",
                sample + "messages.csv",
                sample + "users.csv",
                folder.toString());
        assertThat(result.out())
                .startsWith("7 rows read, 2 authors, 0 unknown authors, 4 rejected rows, ")
                .endsWith("; 1 line without any value in messages.csv\n");
    }

    @Test
    void plan_goes_on_after_a_pipeline_that_cannot_be_planned_and_ends_with_1() throws IOException {
        Map<String, String> environment = Map.of("BRIGADE_DATA", folder.toString());
        assertThat(CommandResult.of(environment, "plan").status())
                .as("waiting for inputs")
                .isZero();
        Path raw = Files.createDirectories(folder.resolve("leaderboard/raw"));
        Files.writeString(raw.resolve("messages.csv"), "no,such,columns\n1,2,3\n");
        CommandResult plan = CommandResult.of(environment, "plan");
        CommandResult one = CommandResult.of(environment, "plan", "leaderboard");
        assertThat(one.out())
                .contains("A run would fail: messages.csv", "message_id", "users.csv is missing.")
                .doesNotContain("A run starts", "A run would read");
        assertThat(one.status()).isEqualTo(1);
        assertThat(plan.err()).isEmpty();
        assertThat(plan.out()).contains(one.out(), "orders: ", "stocks: ");
        assertThat(plan.status()).isEqualTo(1);
        Map<String, String> nonsense = Map.of("BRIGADE_DATA", folder.toString(), "LEADERBOARD_MAX_REJECTED", "many");
        CommandResult unplannable = CommandResult.of(nonsense, "plan");
        assertThat(unplannable.err()).startsWith("leaderboard: LEADERBOARD_MAX_REJECTED is 'many'");
        assertThat(unplannable.out()).contains("orders: ", "stocks: ");
        assertThat(unplannable.status()).isEqualTo(1);
    }
}
