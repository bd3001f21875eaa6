package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    private static final String SAMPLE = TestService.HOME + "/samples/leaderboard/";
    private static final String NOT_CHECKED =
            "Of corrected rows only quotes and the number of fields were checked. The next run checks the rest.";

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"demo", "up", "plan", "doctor", "aggregate", "feed", "replay", "run", "merge", "migrate"})
    void every_command_helps_with_an_example(String command) {
        CommandResult help = CommandResult.of(Map.of(), command, "--help");
        assertThat(help.status()).isZero();
        assertThat(help.out()).contains("Usage: brigade " + command).contains("Example:");
    }

    @Test
    void without_a_command_the_commands_are_listed() {
        CommandResult help = CommandResult.of(Map.of());
        assertThat(help.status()).isZero();
        assertThat(help.out()).contains("aggregate", "feed", "migrate", "up", "demo");
    }

    @Test
    void wrong_usage_ends_with_2() {
        assertThat(CommandResult.of(Map.of(), "aggregate").status()).isEqualTo(2);
        assertThat(CommandResult.of(Map.of(), "nonsense").status()).isEqualTo(2);
    }

    @Test
    void aggregate_says_in_one_line_what_became_of_the_rows() {
        CommandResult result = CommandResult.of(
                Map.of(), "aggregate", SAMPLE + "messages.csv", SAMPLE + "users.csv", folder + "/ranking.csv");
        assertThat(result.out().lines())
                .singleElement()
                .asString()
                .matches(
                        "44 rows read, 8 authors, 1 unknown author, 0 rejected rows, \\d+\\.\\d\\d seconds: .*/ranking.csv");
        assertThat(folder.resolve("ranking.csv")).exists();
    }

    @Test
    void aggregate_replaces_the_old_result_only_with_a_whole_one() throws IOException {
        Path old = Files.writeString(folder.resolve("pipeline_result.csv"), "old");
        CommandResult result =
                CommandResult.of(Map.of(), "aggregate", SAMPLE + "users.csv", SAMPLE + "users.csv", folder.toString());
        assertThat(result.status()).isEqualTo(1);
        assertThat(old).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void doctor_says_what_is_well_and_what_to_mend() throws IOException {
        Files.createDirectories(folder.resolve("leaderboard/raw"));
        Map<String, String> environment = new HashMap<>(Map.of(
                "BRIGADE_DATA", folder.toString(),
                "BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()),
                "BRIGADE_DATABASE_URL", TestDatabase.newUri()));
        CommandResult well = CommandResult.of(environment, "doctor");
        assertThat(well.out())
                .contains("migrations pending", "LEADERBOARD_RAW (" + folder + "/leaderboard/raw) can be read")
                .contains("leaderboard/result) can be written (it is made when needed)")
                .endsWith("Nothing stands in the way of ./brigade up.\n");
        assertThat(well.status()).isZero();
        assertThat(folder.resolve("leaderboard/result")).doesNotExist();

        environment.put("BRIGADE_DATABASE_URL", "postgresql://me:s3cret@localhost:" + TestService.freePort() + "/none");
        environment.put("LEADERBOARD_RESULT", "/proc/nowhere");
        environment.put("BRIGADE_HTTP_HOST", "0.0.0.0");
        environment.put("BRIGADE_READ_KEY", "only this");
        CommandResult ill = CommandResult.of(environment, "doctor");
        assertThat(ill.status()).isEqualTo(1);
        assertThat(ill.out())
                .contains("failed   The database: ", "→ Check BRIGADE_DATABASE_URL")
                .contains("failed   LEADERBOARD_RESULT: ", "→ Make the folder")
                .contains("failed   HTTP: BRIGADE_READ_KEY closes reading, but writing has no key.", "no key is set")
                .doesNotContain("s3cret", "fault in Bucket Brigade");
    }

    @Test
    void doctor_names_every_wrong_setting_and_goes_on_with_the_rest() throws IOException {
        Files.writeString(folder.resolve("holidays.txt"), "2026-12-25\n25.12.2026\n");
        Map<String, String> environment = new HashMap<>(Map.of(
                "BRIGADE_DATA", folder.toString(),
                "BRIGADE_HTTP_PORT", "no port",
                "BRIGADE_LOG", "xml",
                "ORDERS_TIME_ZONE", "Europe/Lisabon",
                "ORDERS_HOLIDAYS", folder + "/holidays.txt",
                "STOCKS_SOURCE", "s3://Bad_Name",
                "LEADERBOARD_RWA", "/in",
                "BRIGADE_DATABASE_URL", TestDatabase.newUri()));
        CommandResult doctor = CommandResult.of(environment, "doctor");
        assertThat(doctor.out().lines().filter(line -> !line.startsWith("ok") && !line.startsWith("warning   ")))
                .containsExactly(
                        "failed   BRIGADE_HTTP_PORT is 'no port'; it must be a whole number from 1 to 65535.",
                        "failed   BRIGADE_LOG is 'xml'; it must be one of plain, json.",
                        "failed   ORDERS_HOLIDAYS names " + folder
                                + "/holidays.txt; in line 2, '25.12.2026' is not a date such as 2026-12-25.",
                        "failed   ORDERS_TIME_ZONE is 'Europe/Lisabon'; it must be a time zone such as Europe/Lisbon or UTC.",
                        "failed   STOCKS_SOURCE: 'Bad_Name' can't be the name of a bucket (asked for s3://Bad_Name):"
                                + " use 3 to 63 lowercase letters, digits, dots and hyphens.",
                        "warning  LEADERBOARD_RWA in the environment is not a setting and is ignored."
                                + " Did you mean LEADERBOARD_RAW?",
                        "         → Correct or remove it.",
                        "Fix what failed, then ./brigade up.");
        assertThat(doctor.out()).contains("ok       The database ", "ok       LEADERBOARD_RESULT (");
        assertThat(doctor.err()).isEmpty();
        assertThat(doctor.status()).isEqualTo(1);
        CommandResult up = CommandResult.of(environment, "up");
        assertThat(up.err().lines().filter(line -> !line.startsWith("Warning: ")))
                .containsExactlyElementsOf(doctor.out()
                        .lines()
                        .filter(line -> line.startsWith("failed   "))
                        .map(line -> line.substring("failed   ".length()))
                        .toList());
        assertThat(up.status()).isEqualTo(1);
        CommandResult demo = CommandResult.of(environment, "demo");
        assertThat(demo.err().lines())
                .containsExactly(
                        "BRIGADE_HTTP_PORT is 'no port'; it must be a whole number from 1 to 65535.",
                        "BRIGADE_LOG is 'xml'; it must be one of plain, json.",
                        "ORDERS_TIME_ZONE is 'Europe/Lisabon'; it must be a time zone such as Europe/Lisbon or UTC.");
        assertThat(demo.status()).isEqualTo(1);
        assertThat(folder.resolve("demo")).doesNotExist();
    }

    @Test
    void doctor_tells_an_address_of_another_machine_from_a_port_in_use() {
        CommandResult doctor = CommandResult.of(
                Map.of("BRIGADE_DATA", folder.toString(), "BRIGADE_HTTP_HOST", "192.0.2.1", "BRIGADE_API_KEY", "k"),
                "doctor");
        assertThat(doctor.out())
                .contains("failed   HTTP: BRIGADE_HTTP_HOST is '192.0.2.1', which is not an address of this machine.");
        assertThat(doctor.status()).isEqualTo(1);
    }

    @Test
    void a_tilde_is_the_home_folder_in_arguments() {
        CommandResult result = CommandResult.of(
                Map.of(), "aggregate", "~/no-such-folder/m.csv", SAMPLE + "users.csv", folder.toString());
        assertThat(result.err()).isEqualTo(System.getenv("HOME") + "/no-such-folder/m.csv is not there.\n");
    }

    @Test
    void folders_are_shown_in_full() throws IOException {
        String home = System.getenv("HOME");
        Map<String, String> environment = new HashMap<>(Map.of(
                "BRIGADE_DATA", folder.toString(),
                "LEADERBOARD_RAW", "~/no-such-raw",
                "ORDERS_RAW", "~/no-such-raw",
                "STOCKS_SOURCE", "~/no-such-raw",
                "STOCKS_MONITORED", "no-such-folder"));
        assertThat(CommandResult.of(environment, "plan").out())
                .contains("leaderboard: " + home + "/no-such-raw\n", "orders: " + home + "/no-such-raw\n")
                .contains("stocks: " + home + "/no-such-raw\n")
                .contains(".SUCCESS is missing in " + Path.of("no-such-folder").toAbsolutePath() + ";");
        environment.put("LEADERBOARD_RESULT", "/proc/nowhere");
        CommandResult doctor = CommandResult.of(environment, "doctor");
        assertThat(doctor.out())
                .contains("ORDERS_RAW (" + home + "/no-such-raw) ")
                .contains("STOCKS_MONITORED (" + Path.of("no-such-folder").toAbsolutePath() + ") ")
                .contains("failed   LEADERBOARD_RESULT: The folder /proc can't be written.\n")
                .doesNotContain("probe");
        environment.put("BRIGADE_DATA", "/proc/nowhere");
        assertThat(CommandResult.of(environment, "doctor").out())
                .contains(
                        "failed   The database: The folder /proc can't be written.",
                        "BRIGADE_DATA names, and postgres.log");
    }

    @Test
    void doctor_tries_buckets_and_queue() {
        TestBuckets buckets = TestBuckets.s3Proxy();
        Map<String, String> environment = new HashMap<>(buckets.environment());
        environment.put("BRIGADE_DATA", folder.toString());
        environment.put("BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()));
        environment.put("LEADERBOARD_RAW", "s3://no-such-bucket-here");
        environment.put("LEADERBOARD_RESULT", "s3://" + buckets.newBucket() + "/result");
        environment.put("AWS_ENDPOINT_URL_SQS", "http://localhost:" + TestService.freePort());
        environment.put("BRIGADE_EVENTS_QUEUE", "http://localhost/queue/none");
        environment.put("BRIGADE_MAIL_TO", "desk@example.org");
        environment.put("BRIGADE_MAIL_PORT", Integer.toString(TestService.freePort()));
        CommandResult result = CommandResult.of(environment, "doctor");
        assertThat(result.out())
                .contains("failed   LEADERBOARD_RAW: There is no bucket no-such-bucket-here")
                .contains("/result) can be listed, written and read; brigade-probe.txt was left there")
                .contains("failed   BRIGADE_EVENTS_QUEUE: ")
                .contains("failed   BRIGADE_MAIL_HOST: Couldn't connect to host, port: localhost, ")
                .doesNotContain("fault in Bucket Brigade");
        assertThat(result.status()).isEqualTo(1);
        environment.put("LEADERBOARD_RAW", "s3://" + buckets.newBucket());
        assertThat(CommandResult.of(environment, "doctor").out())
                .containsPattern("ok       LEADERBOARD_RAW .* can be listed and read");
    }

    @Test
    void a_corrected_rejected_csv_is_merged_into_a_new_file() throws IOException {
        Path messages = Files.writeString(
                folder.resolve("messages.csv"),
                "message_id,author_id,received_at,content\n1,1,x,\"a\nb\"\n2,,x,y\n3,1,x\n4,1,x,z\n");
        Path rejected = Files.writeString(
                folder.resolve("rejected.csv"),
                "file,line,reason,row\nmessages.csv,4,author_id is blank,\"2,7,x,\"\"y, corrected\"\"\"\n"
                        + "users.csv,2,other file,nonsense\nmessages.csv,5,3 fields,\n");
        CommandResult result = CommandResult.of(
                Map.of(), "merge", messages.toString(), rejected.toString(), folder + "/corrected.csv");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("3 rows written, 1 corrected, 1 left out: ");
        assertThat(folder.resolve("corrected.csv"))
                .hasContent(
                        "message_id,author_id,received_at,content\n1,1,x,\"a\nb\"\n2,7,x,\"y, corrected\"\n4,1,x,z\n");
        Files.writeString(rejected, "file,line,reason,row\nmessages.csv,3,inside a row,x\n");
        CommandResult wrong =
                CommandResult.of(Map.of(), "merge", messages.toString(), rejected.toString(), folder + "/wrong.csv");
        assertThat(wrong.err()).contains("messages.csv, line 3: no row starts here");
        assertThat(folder.resolve("wrong.csv")).doesNotExist();
    }

    private String merge(Charset encoding, String file, String rejected) throws IOException {
        Path messages = Files.writeString(folder.resolve("messages.csv"), file, encoding);
        Path rows = Files.writeString(folder.resolve("rejected.csv"), "file,line,reason,row\n" + rejected);
        Files.deleteIfExists(folder.resolve("corrected.csv"));
        CommandResult result =
                CommandResult.of(Map.of(), "merge", messages.toString(), rows.toString(), folder + "/corrected.csv");
        return result.err() + result.out().replaceFirst(": /.*", "").stripTrailing();
    }

    @Test
    void merged_rows_keep_their_bytes_and_their_encoding() throws IOException {
        Charset windows = Charset.forName("windows-1252");
        String start = "message_id,author_id,received_at,content\r\n1,1,x,Grüße\r\n2,,x,„né”\r\n3,1,x\r\n";
        assertThat(
                        merge(
                                windows,
                                start,
                                "messages.csv,3,author_id is blank,\"2,7,x,„né” à 3 €\"\nmessages.csv,4,3 fields,\"3,1,x,ß\"\n"))
                .isEqualTo("3 rows written, 2 corrected, 0 left out\n" + NOT_CHECKED);
        assertThat(Files.readString(folder.resolve("corrected.csv"), windows))
                .isEqualTo(start.replace("2,,x,„né”", "2,7,x,„né” à 3 €").replace("3,1,x\r", "3,1,x,ß\r"));
        assertThat(merge(
                        StandardCharsets.UTF_8,
                        start,
                        "messages.csv,4,3 fields,\"3,1,x,→\"\nmessages.csv,3,author_id is blank,\n"))
                .isEqualTo("2 rows written, 1 corrected, 1 left out\n" + NOT_CHECKED);
        assertThat(folder.resolve("corrected.csv")).content().endsWith("Grüße\r\n3,1,x,→\r\n");
        assertThat(merge(windows, start, "messages.csv,3,author_id is blank,\"2,7,x,→\"\n"))
                .isEqualTo(
                        "messages.csv, line 3: the corrected row holds '→', which Windows-1252, the encoding of this row in the"
                                + " file, doesn't have. Use another character, or save the file as UTF-8 first.\n");
        assertThat(folder.resolve("corrected.csv")).doesNotExist();
    }

    @Test
    void a_merge_into_the_file_itself_or_with_rows_of_another_file_is_refused() throws IOException {
        Path messages = Files.writeString(folder.resolve("messages.csv"), "message_id,author_id,received_at,content\n");
        Path rejected =
                Files.writeString(folder.resolve("r.csv"), "file,line,reason,row\nusers.csv,2,blank,\"1,a,b\"\n");
        assertThat(CommandResult.of(Map.of(), "merge", messages.toString(), rejected.toString(), messages.toString())
                        .err())
                .isEqualTo(messages + " is the file itself, which is only read. Name another one.\n");
        assertThat(CommandResult.of(Map.of(), "merge", messages.toString(), rejected.toString(), folder + "/new.csv")
                        .err())
                .startsWith(
                        "r.csv, column file: its rows are those of users.csv, none of them of messages.csv. Name that");
    }

    @Test
    void a_corrected_row_may_end_in_separators_that_are_blanks() throws IOException {
        String start = "message_id\tauthor_id\treceived_at\tcontent\n1\t1\tx\t\n2\t\tx\t\n";
        assertThat(merge(StandardCharsets.UTF_8, start, "messages.csv,3,author_id is blank,\"2\t7\tx\t\"\n"))
                .isEqualTo("2 rows written, 1 corrected, 0 left out\n" + NOT_CHECKED);
        assertThat(folder.resolve("corrected.csv")).content().endsWith("\n1\t1\tx\t\n2\t7\tx\t\n");
    }

    @Test
    void rejected_rows_of_any_bytes_are_shown_and_merged_losslessly() throws IOException {
        byte[] every = new byte[128];
        for (int at = 0; at < every.length; at++) {
            every[at] = (byte) (128 + at);
        }
        String latin = new String(every, StandardCharsets.ISO_8859_1);
        String file = "message_id,author_id,received_at,content\n1,1,x,y\n2,,x," + latin + "\n";
        Path messages = Files.writeString(folder.resolve("messages.csv"), file, StandardCharsets.ISO_8859_1);
        CommandResult.of(
                Map.of("LEADERBOARD_MAX_REJECTED", "100%"),
                "aggregate",
                messages.toString(),
                SAMPLE + "users.csv",
                folder.toString());
        String rejected = Files.readString(folder.resolve("rejected.csv"));
        assertThat(rejected).contains("é", "€").doesNotContain("\uFFFD");
        assertThat(merge(
                        StandardCharsets.ISO_8859_1,
                        file,
                        rejected.lines().skip(1).collect(Collectors.joining("\n"))))
                .as("nobody changed anything")
                .isEqualTo("1 row written, 0 corrected, 1 left out (1 unchanged in rejected.csv, so still wrong)");
        assertThat(merge(
                        StandardCharsets.ISO_8859_1,
                        file,
                        rejected.lines()
                                .skip(1)
                                .collect(Collectors.joining("\n"))
                                .replace("2,,x", "2,7,x")))
                .isEqualTo("2 rows written, 1 corrected, 0 left out\n" + NOT_CHECKED);
        assertThat(Files.readString(folder.resolve("corrected.csv"), StandardCharsets.ISO_8859_1))
                .isEqualTo(file.replace("2,,x", "2,7,x"));
    }

    @Test
    void rejected_rows_that_are_not_listed_are_counted_and_a_merge_says_so() throws IOException {
        String file = "message_id,author_id,received_at,content\n" + "1,,x,y\n".repeat(1500) + "2,1,x,z\n";
        Path messages = Files.writeString(folder.resolve("messages.csv"), file);
        CommandResult.of(
                Map.of("LEADERBOARD_MAX_REJECTED", "100%"),
                "aggregate",
                messages.toString(),
                SAMPLE + "users.csv",
                folder.toString());
        String rejected = Files.readString(folder.resolve("rejected.csv"));
        assertThat(rejected.lines()).hasSize(1002);
        assertThat(rejected).endsWith("messages.csv,,\"500 further rows rejected, not listed here\",\n");
        assertThat(merge(
                        StandardCharsets.UTF_8,
                        file,
                        rejected.lines()
                                .skip(1)
                                .collect(Collectors.joining("\n"))
                                .replace("1,,x", "1,7,x")))
                .isEqualTo("1,501 rows written, 1,000 corrected, 0 left out\n"
                        + "Not in rejected.csv: 500 further rejected rows of messages.csv, copied unchanged. Put corrected.csv in"
                        + " the place of messages.csv; the next run lists what is still wrong.\n"
                        + NOT_CHECKED);
    }

    @Test
    void a_corrected_row_that_can_still_not_be_read_is_named_and_left_out() throws IOException {
        String file = "message_id,author_id,received_at,content\n1,,x,a\n2,,x,b\n3,,x,c\n4,,x,d\n5,,x,e\n6,,x,f\n";
        String blank = "author_id is blank";
        assertThat(merge(
                        StandardCharsets.UTF_8,
                        file,
                        "messages.csv,2," + blank + ",\"1,7,x\"\n"
                                + "messages.csv,3," + blank + ",\"2,7,x,\"\"b\"\n"
                                + "messages.csv,4," + blank + ",\"message_id,author_id,received_at,content\"\n"
                                + "messages.csv,5," + blank + ",\"4,7,x,d\n4,8,x,d\"\n"
                                + "messages.csv,6," + blank + ",\",,,\"\n"
                                + "messages.csv,7," + blank + ",\"6,7,x,f\"\n"))
                .isEqualTo("3 rows written, 3 corrected, 4 left out (3 still broken)\n"
                        + "messages.csv, line 2: 3 fields where the header has 4\n"
                        + "messages.csv, line 3: a quote is opened and never closed\n"
                        + "messages.csv, line 4: this is the header again; were two files joined?\n"
                        + NOT_CHECKED);
        assertThat(folder.resolve("corrected.csv"))
                .hasContent("message_id,author_id,received_at,content\n4,7,x,d\n4,8,x,d\n6,7,x,f\n");
    }

    @Test
    void an_apostrophe_that_keeps_spreadsheets_from_calculating_is_no_correction() throws IOException {
        assertThat(
                        merge(
                                StandardCharsets.UTF_8,
                                "message_id,author_id,received_at,content\n-1,,x,a\n=2,,x,b\n",
                                "messages.csv,2,author_id is blank,\"'-1,,x,a\"\nmessages.csv,3,author_id is blank,\"'=2,7,x,b\"\n"))
                .isEqualTo("1 row written, 1 corrected, 1 left out (1 unchanged in rejected.csv, so still wrong)\n"
                        + NOT_CHECKED);
        assertThat(folder.resolve("corrected.csv")).hasContent("message_id,author_id,received_at,content\n=2,7,x,b\n");
    }

    @Test
    void a_row_that_fell_with_a_row_of_another_file_is_merged_unchanged() throws IOException {
        assertThat(merge(
                        StandardCharsets.UTF_8,
                        "a,b,c,d\n1,2,3,4\n5,6,7,8\n",
                        "messages.csv,3,\"order_id: order 6 was rejected in orders.csv, line 2\",\"5,6,7,8\"\n"))
                .isEqualTo("2 rows written, 0 corrected, 0 left out");
        assertThat(folder.resolve("corrected.csv")).hasContent("a,b,c,d\n1,2,3,4\n5,6,7,8\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BRIGADE_UPLOAD_MAX", "BRIGADE_COUNTING_BLOCK"})
    void a_number_that_is_none_is_named(String setting) {
        CommandResult result = CommandResult.of(
                Map.of(setting, "10GB"), "aggregate", SAMPLE + "messages.csv", SAMPLE + "users.csv", folder.toString());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).startsWith(setting + " is '10GB'; it must be ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1"})
    void a_share_may_be_a_whole_number(String share) {
        Map<String, String> environment = Map.of(
                "BRIGADE_DATA", folder.toString(),
                "LEADERBOARD_MAX_REJECTED", share,
                "LEADERBOARD_MAX_UNKNOWN", "1",
                "ORDERS_MAX_REJECTED", share,
                "STOCKS_MAX_MISSING", share);
        CommandResult result = CommandResult.of(
                environment, "aggregate", SAMPLE + "messages.csv", SAMPLE + "users.csv", folder.toString());
        assertThat(result.err()).isEmpty();
        assertThat(CommandResult.of(environment, "plan").err()).isEmpty();
    }

    @Test
    void replay_says_when_no_service_runs() {
        CommandResult result =
                CommandResult.of(Map.of("BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort())), "replay", "7");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("No service answers at http://127.0.0.1:", "./brigade up");
    }

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
                .contains("    Users.csv.txt is there: if it is meant, rename it to users.csv.")
                .contains("    Shipment Deliveries.csv is there: if it is meant, rename it to shipment_deliveries.csv.")
                .contains("No run would begin.");
        Files.copy(Path.of(SAMPLE, "users.csv"), raw.resolve("users.csv"));
        assertThat(CommandResult.of(environment, "plan", "leaderboard").out())
                .contains("messages.csv: 2,543 bytes", "columns message_id, author_id, received_at, content")
                .contains("line 2: 1 | 4 | 2026-03-02T08:48:00Z | Thanks!")
                .contains("44 rows: 44 counted, 0 rejected; 8 authors, 1 of them unknown.")
                .contains("There is no result in " + folder + "/leaderboard/result yet");
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
        String refusal =
                "messages.csv has no rows, so the board, which has some, would be emptied. Put the whole messages.csv"
                        + " there, or set LEADERBOARD_ALLOW_EMPTY=true if the board is to be empty.\n";
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
                .contains("A run would fail: messages.csv has author '4.0', users.csv has user 4: no author is in");
        assertThat(folder.resolve("postgres")).doesNotExist();
        assertThat(CommandResult.of(environment, "plan", "tides").err()).contains("There is no plan for 'tides'");
    }

    @Test
    void plan_tells_keys_below_an_awaited_name_as_a_folder() {
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
    void aggregate_names_the_files_that_were_given() throws IOException {
        Path chats =
                Files.writeString(folder.resolve("chats.csv"), "message_id,author_id,received_at,content\n1,4.0,t,a\n");
        Path people = Files.writeString(folder.resolve("people.csv"), "user_id,first_name,last_name\n4,Ana,Lima\n");
        String[] aggregate = {"aggregate", chats.toString(), people.toString(), folder.toString()};
        assertThat(CommandResult.of(Map.of(), aggregate).err())
                .startsWith("chats.csv has author '4.0', people.csv has user 4: no author is in people.csv. ");
        Files.writeString(people, "user_id,first_name,last_name\n5,Ana,Lima\n4.0,Bo,Ek\n");
        Files.writeString(chats, "message_id,author_id,received_at,content\n1,4.0,t,a\n2,6,t,a\n");
        assertThat(CommandResult.of(Map.of("LEADERBOARD_MAX_UNKNOWN", "0%"), aggregate)
                        .err())
                .isEqualTo("1 of 2 authors of chats.csv (50%) is not in people.csv, more than LEADERBOARD_MAX_UNKNOWN"
                        + " allows (0%); it is 6. Complete people.csv or raise the limit.\n");
        assertThat(CommandResult.of(Map.of(), aggregate).status()).isZero();
        Files.writeString(chats, "message_id,author_id,received_at,content\n");
        assertThat(CommandResult.of(Map.of(), aggregate).err())
                .startsWith(
                        "chats.csv has no rows, so the board, which has some, would be emptied. Put the whole chats.csv"
                                + " there, or set");
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
        assertThat(plan.err()).startsWith("leaderboard: messages.csv").contains("message_id");
        assertThat(plan.out()).contains("orders: ", "stocks: ");
        assertThat(plan.status()).isEqualTo(1);
        CommandResult one = CommandResult.of(environment, "plan", "leaderboard");
        assertThat("leaderboard: " + one.err()).isEqualTo(plan.err());
        assertThat(one.status()).isEqualTo(1);
    }

    @Test
    void a_missing_file_is_named_in_one_line_without_a_stack_trace() {
        CommandResult result =
                CommandResult.of(Map.of(), "aggregate", "/nowhere/m.csv", SAMPLE + "users.csv", folder.toString());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("/nowhere/m.csv is not there.\n");
    }

    @Test
    void verbose_shows_the_stack_trace() {
        CommandResult result = CommandResult.of(
                Map.of(), "aggregate", "--verbose", "/nowhere/m.csv", SAMPLE + "users.csv", folder.toString());
        assertThat(result.err()).contains("/nowhere/m.csv is not there.").contains("\tat ");
    }

    @Test
    void a_wrong_setting_is_named_with_what_it_must_be() {
        CommandResult result = CommandResult.of(
                Map.of("LEADERBOARD_MAX_REJECTED", "lots"),
                "aggregate",
                SAMPLE + "messages.csv",
                SAMPLE + "users.csv",
                folder.toString());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("LEADERBOARD_MAX_REJECTED is 'lots'; it must be a share from 0 to 1, such as 0.01 or 1%.\n");
    }

    @Test
    void feed_sets_the_tables_up_and_loads_and_may_be_repeated() {
        String uri = TestDatabase.newUri();
        String file = SAMPLE + "pipeline_result.expected.csv";
        CommandResult first = CommandResult.of(Map.of(), "feed", uri, file);
        CommandResult second = CommandResult.of(Map.of(), "feed", "jdbc:" + uri.replace("postgres@", ""), file);
        assertThat(first.err()).isEmpty();
        assertThat(first.out()).startsWith("8 rows are in the table leaderboard of postgresql://localhost:");
        assertThat(second.status()).isEqualTo(1);
        assertThat(CommandResult.of(
                                Map.of("BRIGADE_DATABASE_USER", "postgres"), "feed", uri.replace("postgres@", ""), file)
                        .status())
                .isZero();
    }

    @Test
    void a_feed_that_takes_long_renews_its_lease() throws Exception {
        String uri = TestDatabase.newUri();
        String file = SAMPLE + "pipeline_result.expected.csv";
        assertThat(CommandResult.of(Map.of(), "feed", uri, file).status()).isZero();
        String lease =
                "SELECT coalesce(max(extract(epoch FROM lease_until)), 0) FROM brigade.runs WHERE state = 'running'";
        Future<CommandResult> feed;
        try (Connection other = DriverManager.getConnection("jdbc:" + uri.replace("postgres@", ""), "postgres", "");
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE leaderboard");
            feed = CompletableFuture.supplyAsync(() -> CommandResult.of(Map.of(), "feed", uri, file));
            double begun = await().atMost(Duration.ofSeconds(30)).until(() -> number(statement, lease), at -> at > 0);
            await().atMost(Duration.ofSeconds(30)).until(() -> number(statement, lease) > begun + 2);
        }
        assertThat(feed.get(30, TimeUnit.SECONDS).status()).isZero();
    }

    private static double number(Statement statement, String question) throws SQLException {
        try (ResultSet row = statement.executeQuery(question)) {
            row.next();
            return row.getDouble(1);
        }
    }

    @Test
    void feed_refuses_a_file_that_is_no_result_with_line_and_column() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.csv"), "user_id,messages,name\n1,5,Ana\n2,-1,Bo\n");
        CommandResult result = CommandResult.of(Map.of(), "feed", TestDatabase.newUri(), bad.toString());
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("bad.csv, line 3, column messages: '-1' is not a whole number.\n");
    }

    @Test
    void feed_compares_ids_without_blanks_and_takes_no_missing_ones() throws IOException {
        String uri = TestDatabase.newUri();
        Path twice = Files.writeString(folder.resolve("twice.csv"), "user_id,messages,name\n1,5,A\n\u00a01,6,B\n");
        assertThat(CommandResult.of(Map.of(), "feed", uri, twice.toString()).err())
                .isEqualTo("twice.csv, line 3, column user_id: 1 stands in an earlier row already.\n");
        Path missing = Files.writeString(folder.resolve("missing.csv"), "user_id,messages,name\nNaN,5,A\n");
        assertThat(CommandResult.of(Map.of(), "feed", uri, missing.toString()).err())
                .isEqualTo("missing.csv, line 2, column user_id: 'NaN' stands for a missing value. Remove this row.\n");
    }

    @Test
    void feed_tells_a_header_in_the_middle_by_name() throws IOException {
        Path joined = Files.writeString(
                folder.resolve("joined.csv"), "user_id,messages,name\n1,5,Ana\nUser ID,Messages,Name\n2,6,Bo\n");
        assertThat(CommandResult.of(Map.of(), "feed", TestDatabase.newUri(), joined.toString())
                        .err())
                .isEqualTo("joined.csv, line 3: this is the header again; were two files joined? Remove this row.\n");
    }

    @Test
    void migrate_says_how_many_and_then_that_all_is_up_to_date() throws IOException {
        long migrations;
        try (Stream<Path> files = Files.list(TestService.HOME.resolve("src/main/resources/db/migration"))) {
            migrations = files.count();
        }
        String uri = TestDatabase.newUri();
        assertThat(CommandResult.of(Map.of(), "migrate", uri).out()).contains(migrations + " migrations applied");
        assertThat(CommandResult.of(Map.of(), "migrate", uri).out()).contains("up to date");
    }

    @Test
    void an_address_that_is_none_is_said_without_repeating_its_password() {
        CommandResult result = CommandResult.of(Map.of(), "migrate", "mysql://me:secret@host/db");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .contains("postgresql://user:password@host:port/database")
                .doesNotContain("secret");
    }

    @Test
    void a_database_that_does_not_answer_is_said_without_its_password() {
        CommandResult result = CommandResult.of(
                Map.of(), "migrate", "postgresql://me:secret@localhost:" + TestService.freePort() + "/db");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .contains("can't be used")
                .doesNotContain("secret")
                .doesNotContain("\tat ");
    }
}
