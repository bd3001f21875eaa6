package io.bucketbrigade.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.starting.BrigadeService;
import io.bucketbrigade.storage.AllowedFolders;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsCheckTest extends SettingsFolder {
    private static final String HOME_FOLDER = System.getenv("HOME");

    /** All but Camel's own options, and the folder of the program, which nobody sets. */
    private List<String> keys() {
        return load(Map.of()).all().keySet().stream()
                .filter(key -> !key.startsWith("camel.") && !key.equals("brigade.home"))
                .toList();
    }

    /** A value that no setting of that kind can have. */
    private static String nonsense(SettingKind kind) {
        if (kind == SettingKinds.TEXT || kind.isSecret()) {
            return "a\u0007b";
        }
        return kind instanceof PlaceKind ? "s3://Bad_Name" : "{no sense}";
    }

    @Test
    void every_setting_declares_its_kind_and_its_default_is_of_it() {
        Settings settings = load(Map.of());
        assertThat(keys()).hasSizeGreaterThan(60).allMatch(settings::hasKind);
        assertThat(SettingsCheck.wrong(settings)).isEmpty();
        keys().stream().filter(key -> !settings.text(key).isEmpty()).forEach(key -> settings.kind(key)
                .check(key, settings.text(key), settings));
    }

    @Test
    void nonsense_in_any_setting_stops_the_start_which_names_that_setting_alone() {
        Settings settings = load(Map.of());
        for (String key : keys()) {
            String variable = Settings.variable(key);
            Map<String, String> environment = new HashMap<>(Map.of(
                    "BRIGADE_DATA", folder.toString(), "BRIGADE_HTTP_PORT", Integer.toString(TestService.freePort())));
            environment.put(variable, nonsense(settings.kind(key)));
            Settings nonsense = load(environment);
            assertThatThrownBy(() -> {
                        try (BrigadeService service = new BrigadeService(nonsense)) {
                            service.start();
                        }
                    })
                    .as(key)
                    .isInstanceOf(Problem.class)
                    .hasMessageStartingWith(variable)
                    .satisfies(problem -> assertThat(String.valueOf(problem.getMessage()))
                            .doesNotContain("\n")
                            .doesNotContain("\u0007"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BRIGADE_API_KEY, H\u00fcsh",
        "BRIGADE_READ_KEY, \ufeffHush",
        "OPENLINEAGE_API_KEY, Hush\u20ac",
        "OPENLINEAGE_URL, htp://u:Hush6@localhost:5000",
        "OPENLINEAGE_URL, http://u:Hu/sh@4@localhost:5000",
        "OPENLINEAGE_URL, http://u:Hush 8@localhost:5000",
        "OPENLINEAGE_URL, http://u:Hush@localhost:99999",
        "OTEL_EXPORTER_OTLP_ENDPOINT, u:Hush@localhost:4318",
        "BRIGADE_NOTIFY_LINK, http://u:Hush@local host/page"
    })
    void a_wrong_key_or_address_is_refused_without_what_is_secret_in_it(String variable, String value) {
        assertThat(SettingsCheck.wrong(load(Map.of(variable, value))).values())
                .singleElement()
                .asString()
                .startsWith(variable)
                .doesNotContain("Hu", "H\u00fc");
    }

    @Test
    void nonsense_in_all_settings_is_named_line_by_line() {
        Settings settings = load(Map.of());
        Map<String, String> environment = new TreeMap<>();
        keys().forEach(key -> environment.put(Settings.variable(key), nonsense(settings.kind(key))));
        Settings nonsense = load(environment);
        assertThatThrownBy(() -> SettingsCheck.require(nonsense)).satisfies(problem -> assertThat(
                        String.valueOf(problem.getMessage()).lines().map(line -> line.split("[ :]", 2)[0]))
                .containsExactlyInAnyOrderElementsOf(environment.keySet()));
        assertThat(SettingsCheck.wrong(nonsense.withDefaults(keys()))).isEmpty();
    }

    @Test
    void a_setting_may_be_blank_only_where_its_default_is() {
        Settings settings = load(Map.of());
        for (String key : keys()) {
            assertThat(wrong(Map.of(Settings.variable(key), " ")).keySet())
                    .as(key)
                    .isEqualTo(settings.text(key).isEmpty() ? Set.of() : Set.of(key));
        }
        assertThat(wrong(Map.of("ORDERS_TIME_ZONE", "")))
                .containsEntry(
                        "orders.time.zone",
                        "ORDERS_TIME_ZONE is blank; it must be a time zone such as Europe/Lisbon or UTC."
                                + " Leave it out to use the default.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    BRIGADE_HTTP_PORT         | x                | a whole number from 1 to 65535
                    BRIGADE_HTTP_PORT         | 70000            | a whole number from 1 to 65535
                    BRIGADE_POLL              | 5                | a time such as 250ms, 5s, 2m or 1h, at least 1ms, at most 24h
                    BRIGADE_POLL              | 0s               | a time such as 250ms, 5s, 2m or 1h, at least 1ms, at most 24h
                    BRIGADE_LEASE             | 5s               | a time such as 250ms, 5s, 2m or 1h, at least 15s, at most 24h
                    BRIGADE_SETTLE            | 9999999999999999999s | a time such as 250ms, 5s, 2m or 1h, at most 24h
                    BRIGADE_UPLOAD_MAX        | 10GB             | a number of bytes, such as 10737418240 for 10 GiB
                    BRIGADE_LAKE_MEMORY       | 1048576          | a number of bytes, such as 10737418240 for 10 GiB, at least 268435456
                    ORDERS_MAX_REJECTED       | 101%             | a share from 0 to 1, such as 0.01 or 1%
                    ORDERS_MAX_REJECTED       | lots             | a share from 0 to 1, such as 0.01 or 1%
                    ORDERS_MAX_REJECTED       | 1e-999999999     | a share from 0 to 1, such as 0.01 or 1%
                    LEADERBOARD_QUIET         | 99999999h        | a time such as 250ms, 5s, 2m or 1h, at most 24h
                    AWS_REGION                | ö b              | a region such as eu-west-1
                    BRIGADE_LEASE             | 999999h          | a time such as 250ms, 5s, 2m or 1h, at least 15s, at most 24h
                    ORDERS_REFERENCE_DATE     | 22.11.2026       | a date such as 2026-11-22
                    STOCKS_TIME_ZONE          | Mars             | a time zone such as Europe/Lisbon or UTC
                    LEADERBOARD_ALLOW_EMPTY   | ja               | true or false
                    LEADERBOARD_MAX_UNKNOWN   | half             | a share from 0 to 1, such as 0.01 or 1%
                    BRIGADE_LOG               | xml              | one of plain, json
                    BRIGADE_MAIL_SECURITY     | ssl              | one of none, starttls, tls
                    BRIGADE_MAIL_TO           | a@@b             | addresses such as desk@example.org, separated by commas
                    BRIGADE_MAIL_FROM         | a@b.org, c@d.org | an address such as desk@example.org
                    BRIGADE_MAIL_HOST         | smtp host        | a host name or an IP address
                    BRIGADE_NOTIFY_ON         | success, often   | one or more of success, failure, skipped, separated by commas
                    BRIGADE_NOTIFY_PIPELINES  | order            | names of pipelines, separated by commas; there are city-requests, leaderboard, orders, stocks, transactions
                    BRIGADE_NOTIFY_LINK       | brigade.local    | a URL such as https://example.org/page
                    AWS_ENDPOINT_URL          | http://a/b       | a URL without a path, such as http://localhost:9000
                    BRIGADE_EVENTS_VISIBILITY | 0                | a whole number from 1 to 43200
                    BRIGADE_EVENTS_QUEUE      | brigade-events   | the queue's URL, which aws sqs get-queue-url --queue-name NAME prints
                    BRIGADE_EVENTS_QUEUE      | arn:aws:sqs:eu-central-1:123456789012:q | the queue's URL, which aws sqs get-queue-url --queue-name NAME prints
                    BRIGADE_EVENTS_QUEUE      | https://         | the queue's URL, which aws sqs get-queue-url --queue-name NAME prints
                    BRIGADE_DATA              | s3://bucket      | a folder, not a bucket
                    """)
    void a_wrong_value_is_shown_with_what_it_must_be(String variable, String value, String wanted) {
        assertThat(wrong(Map.of(variable, value)).values())
                .containsExactly(variable + " is '" + value + "'; it must be " + wanted + ".");
    }

    @ParameterizedTest
    @CsvSource({
        "BRIGADE_EVENTS_QUEUE, http://127.0.0.1:9324/000000000000/queue",
        "LEADERBOARD_RAW, s3://bucket/prefix",
        "BRIGADE_MAIL_TO, 'desk@example.org, Boss <boss@example.org>'",
        "BRIGADE_NOTIFY_PIPELINES, 'orders, stocks'",
        "BRIGADE_HTTP_HOST, ::1",
        "ORDERS_HOLIDAYS, de-by",
        "LEADERBOARD_MAX_UNKNOWN, 50 %",
        "ORDERS_RAW, ~/orders"
    })
    void a_right_value_is_accepted(String variable, String value) {
        assertThat(wrong(Map.of(variable, value))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://", "s3://Bad_Name", "s3:/bucket", "S3://bucket", "http://host/folder"})
    void what_can_be_neither_a_folder_nor_a_bucket_is_refused(String place) {
        assertThat(wrong(Map.of("LEADERBOARD_RAW", place)).get("leaderboard.raw"))
                .startsWith("LEADERBOARD_RAW: ");
        assertThat(wrong(Map.of("LEADERBOARD_FEED_ROOTS", "data," + place)).get("leaderboard.feed.roots"))
                .startsWith("LEADERBOARD_FEED_ROOTS: ");
    }

    @Test
    void a_file_is_not_a_folder_and_a_file_that_is_missing_is_not_a_file() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(wrong(Map.of("STOCKS_OUTPUT", file.toString())))
                .containsEntry("stocks.output", "STOCKS_OUTPUT is '" + file + "', which is not a folder.");
        assertThat(wrong(Map.of("BRIGADE_ROUTES", folder + "/none")))
                .containsEntry("brigade.routes", "BRIGADE_ROUTES is '" + folder + "/none', which is not a folder.");
        assertThat(wrong(Map.of("BRIGADE_API_KEYS", folder + "/none")).get("brigade.api.keys"))
                .endsWith("/none', which does not exist or can't be read.");
        assertThat(wrong(Map.of("ORDERS_HOLIDAYS", "USA")).get("orders.holidays"))
                .startsWith("ORDERS_HOLIDAYS is 'USA'; it must be a country such as US,")
                .endsWith("; there is no such file.");
    }

    @Test
    void what_a_wrong_setting_makes_wrong_in_others_is_not_said_again() {
        assertThat(wrong(Map.of("STOCKS_SOURCE", "s3://Bad_Name"))).containsOnlyKeys("stocks.source");
        assertThat(wrong(Map.of("STOCKS_SOURCE", "s3://Bad_Name", "STOCKS_OUTPUT", "http://x")))
                .containsOnlyKeys("stocks.source", "stocks.output");
        assertThat(wrong(Map.of("BRIGADE_HTTP_PORT", "§"))).containsOnlyKeys("brigade.http.port");
    }

    @Test
    void the_settings_of_someone_elses_pipeline_are_checked_by_the_kinds_that_it_declares() throws IOException {
        Path tides = Files.createDirectories(folder.resolve("own/tides"));
        Path file = Files.writeString(tides.resolve("tides.properties"), """
                tides.raw={{brigade.data}}/tides
                kind.tides.raw=place
                tides.zone=Mars
                kind.tides.zone=zone
                tides.moon=new
                kind.tides.moon=%s
                tides.height=3
                kind.tides.height=numbers
                kind.tides.depth=share
                tides.harbour=Brest
                """.formatted(Moon.class.getName()));
        Map<String, String> environment =
                Map.of("BRIGADE_ROUTES", folder.resolve("own").toString(), "TIDES_MOON", "half", "TIDES_HARBUOR", "x");
        Settings settings = load(environment);
        assertThat(settings.warnings()).singleElement().asString().endsWith("Did you mean TIDES_HARBOUR?");
        assertThat(settings.places(false)).contains("tides.raw");
        assertThat(SettingsCheck.wrong(settings).values())
                .anyMatch(line -> line.startsWith(
                        "kind.tides.height (" + file + ", line 8) is 'numbers', which is not a kind of setting."))
                .contains(
                        "kind.tides.depth (" + file
                                + ", line 9) is the kind of tides.depth, but there is no such setting.",
                        "TIDES_MOON is 'half'; it must be new or full.",
                        "TIDES_ZONE (" + file
                                + ", line 3) is 'Mars'; it must be a time zone such as Europe/Lisbon or UTC.")
                .hasSize(4);
    }

    @Test
    void the_settings_of_a_pipeline_are_those_that_its_folder_defines_whatever_they_are_called() throws IOException {
        Path highTides = Files.createDirectories(folder.resolve("own/high-tides"));
        Files.writeString(highTides.resolve("pipeline.yaml"), "title: T\ndescription: T\ntask: t\n");
        Files.writeString(highTides.resolve("settings.properties"), """
                high.tides.quiet=1s
                kind.high.tides.quiet=duration
                moon=new
                kind.moon=numbers
                """);
        Map<String, String> environment = Map.of(
                "BRIGADE_ROUTES",
                folder.resolve("own").toString(),
                "HIGH_TIDES_QUIET",
                "soon",
                "HIGHTIDES_QUIET",
                "2s",
                "CITY_REQUESTS_QUIET",
                "x");
        Settings settings = load(environment);
        assertThat(SettingsCheck.wrong(settings, List.of("high-tides")))
                .containsOnlyKeys("high.tides.quiet", "kind.moon");
        assertThat(SettingsCheck.wrong(settings, List.of("city-requests"))).containsOnlyKeys("city.requests.quiet");
        assertThat(SettingsCheck.wrong(settings, List.of("orders"))).isEmpty();
        assertThat(settings.warnings())
                .containsExactly(
                        "HIGHTIDES_QUIET in the environment is not a setting and is ignored. Did you mean HIGH_TIDES_QUIET?");
        assertThat(settings.keysOf("high-tides")).containsExactly("high.tides.quiet", "moon");
        assertThat(settings.pipelineOf("brigade.data")).isEmpty();
    }

    /** What only one pipeline knows. */
    public static final class Moon implements SettingKind {
        @Override
        public String wanted() {
            return "new or full";
        }

        @Override
        public void check(String name, String value, Settings settings) {
            if (!List.of("new", "full").contains(value)) {
                throw Values.wrong(name, value, wanted(), null);
            }
        }
    }

    @Test
    void a_tilde_at_the_start_is_the_home_folder() throws IOException {
        assertThat(load(Map.of("ORDERS_RAW", "~")).path("orders.raw")).isEqualTo(Path.of(HOME_FOLDER));
        Settings settings = load(Map.of("BRIGADE_DATA", "~/data", "ORDERS_RESULT", "a/~/b"));
        assertThat(settings.path("stocks.output")).isEqualTo(Path.of(HOME_FOLDER, "data/stocks/source/Output"));
        assertThat(settings.path("orders.result")).isEqualTo(Path.of("a/~/b").toAbsolutePath());
        assertThat(load(Map.of("ORDERS_RAW", "./~ana")).path("orders.raw"))
                .isEqualTo(Path.of("~ana").toAbsolutePath());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BRIGADE_DATA",
                "BRIGADE_ROUTES",
                "BRIGADE_API_KEYS",
                "ORDERS_RAW",
                "ORDERS_HOLIDAYS",
                "STOCKS_OUTPUT"
            })
    void the_home_folder_of_somebody_else_is_refused(String variable) {
        assertThat(wrong(Map.of(variable, "~ana/x")).values())
                .containsExactly(
                        variable + ": '~ana/x' can't be used: only ~ and ~/ are replaced, by your own home folder."
                                + " Write the path in full, or ./~ana/x if the name begins with ~.");
    }

    @Test
    void blanks_around_a_value_do_not_count_wherever_it_is_used() throws IOException {
        write("brigade.http.port= 8080 \t\nbrigade.data=/in\u00e9 \nleaderboard.raw={{brigade.data}}/raw\n");
        Map<String, String> environment = new HashMap<>(Map.of(
                "BRIGADE_UPLOAD_MAX",
                " 5 ",
                "BRIGADE_LEASE",
                " 20s ",
                "ORDERS_MAX_REJECTED",
                " 2% ",
                "BRIGADE_LOG",
                " json "));
        assertThat(wrong(environment)).isEmpty();
        Settings settings = load(environment);
        assertThat(settings.number("brigade.http.port")).isEqualTo(8080);
        assertThat(settings.text("brigade.notify.link")).isEqualTo("http://localhost:8080");
        assertThat(settings.text("leaderboard.raw")).isEqualTo("/in\u00e9/raw");
        assertThat(settings.values().values())
                .allMatch(value -> value.equals(String.valueOf(value).strip()));
        for (String key : keys()) {
            if (settings.kind(key) instanceof SettingKinds.WholeNumber) {
                environment.put(Settings.variable(key), " 1x ");
            }
        }
        assertThat(wrong(environment).keySet())
                .hasSizeGreaterThan(8)
                .allMatch(key -> settings.kind(key) instanceof SettingKinds.WholeNumber);
    }

    @Test
    void the_address_of_the_database_is_checked_with_the_other_settings() {
        assertThat(wrong(Map.of("BRIGADE_DATABASE_URL", "postgresql://h:99999/db"))
                        .get("brigade.database.url"))
                .startsWith("BRIGADE_DATABASE_URL: The address of the database can't be read: its port must be");
        assertThat(wrong(Map.of("BRIGADE_DATABASE_URL", "postgresql://h/db?sslmode=foo"))
                        .get("brigade.database.url"))
                .startsWith(
                        "BRIGADE_DATABASE_URL: The address of the database can't be read: its option sslmode must be");
    }

    @Test
    void callers_over_http_have_no_home_folder() throws IOException {
        AllowedFolders roots = new AllowedFolders("LEADERBOARD_FEED_ROOTS", "~");
        assertThat(roots.confine(HOME_FOLDER))
                .isEqualTo(Path.of(HOME_FOLDER).toRealPath().toString());
        assertThatThrownBy(() -> roots.confine("~")).isInstanceOf(Problem.class);
    }
}
