package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class DoctorCommandTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void doctor_says_what_is_well_and_what_to_fix() throws IOException {
        Files.createDirectories(folder.resolve("leaderboard/raw"));
        Map<String, String> environment = new HashMap<>(Map.of(
                "BRIGADE_DATA", folder.toString(),
                "BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort()),
                "BRIGADE_DATABASE_URL", TestDatabase.newUri()));
        CommandResult well = CommandResult.of(environment, "doctor");
        assertThat(well.out())
                .contains("migrations pending", "LEADERBOARD_RAW (" + folder + "/leaderboard/raw) can be read")
                .contains("leaderboard/result) can be written (it is created when needed)")
                .endsWith("All is well: ./brigade up can start.\n");
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
                .contains("failed   LEADERBOARD_RESULT: ", "→ Create the folder")
                .contains("failed   HTTP: BRIGADE_READ_KEY protects reading, but writing has no key.", "no key is set")
                .doesNotContain("s3cret", "fault in Bucket Brigade");
    }

    @Test
    void doctor_names_tables_of_lakes_whose_files_are_not_there() throws Exception {
        String uri = TestDatabase.newUriWithTables();
        DatabaseAddress address = DatabaseAddress.parse(uri, "", "");
        try (Connection connection =
                        DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO lake.iceberg_tables VALUES ('brigade', 'city_requests', 'lost', 'file://"
                    + folder + "/city-requests/lake/x.metadata.json', NULL, 'TABLE'),"
                    + " ('brigade', 'city_requests', 'moved', 'file:///old/x.metadata.json', NULL, 'TABLE')");
        }
        CommandResult doctor = CommandResult.of(
                Map.of(
                        "BRIGADE_DATA",
                        folder.toString(),
                        "BRIGADE_HTTP_PORT",
                        Integer.toString(TestService.freePort()),
                        "BRIGADE_DATABASE_URL",
                        uri),
                "doctor");
        assertThat(doctor.out())
                .contains("failed   The table city_requests.lost can't be read: its file x.metadata.json is missing")
                .contains("failed   The table city_requests.moved is not in the lake")
                .contains("→ Its metadata: file:///old/x.metadata.json, the lake: file://" + folder
                        + "/city-requests/lake/");
        assertThat(doctor.status()).isEqualTo(1);
    }

    @Test
    void doctor_tries_the_table_of_a_store_in_dynamodb() throws IOException {
        CommandResult doctor = CommandResult.of(
                Map.of(
                        "BRIGADE_DATA",
                        folder.toString(),
                        "BRIGADE_HTTP_PORT",
                        Integer.toString(TestService.freePort()),
                        "BRIGADE_DATABASE_URL",
                        TestDatabase.newUri(),
                        "TRANSACTIONS_STORE",
                        "dynamodb",
                        "AWS_ENDPOINT_URL_DYNAMODB",
                        "http://localhost:" + TestService.freePort(),
                        "AWS_ACCESS_KEY_ID",
                        "id",
                        "AWS_SECRET_ACCESS_KEY",
                        "secret"),
                "doctor");
        assertThat(doctor.out())
                .contains("failed   TRANSACTIONS_STORE: DynamoDB can't be reached or does not answer for the table"
                        + " brigade-transactions (");
        assertThat(doctor.status()).isEqualTo(1);
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
                        "failed   STOCKS_SOURCE: 'Bad_Name' is not a valid bucket name (asked for s3://Bad_Name):"
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
}
