package io.bucketbrigade.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.files.FolderTree;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsFileTest extends SettingsFolder {
    @Test
    void a_wrong_line_of_the_file_is_named_by_its_number() throws IOException {
        Path file = write("# ours\n\nbrigade.lease=\\\n  5s\nORDERS_TIME_ZONE = Mars\n");
        assertThat(wrong(Map.of()).values())
                .containsExactly(
                        "BRIGADE_LEASE (" + file
                                + ", line 3) is '5s'; it must be a time such as 250ms, 5s, 2m or 1h, at least 15s, at most 24h.",
                        "ORDERS_TIME_ZONE (" + file
                                + ", line 5) is 'Mars'; it must be a time zone such as Europe/Lisbon or UTC.");
        assertThat(wrong(Map.of("ORDERS_TIME_ZONE", "UTC", "BRIGADE_LEASE", "20s")))
                .isEmpty();
    }

    @Test
    void a_reference_to_no_setting_or_to_itself_is_refused() throws IOException {
        Path file = write("leaderboard.raw={{brigade.dat}}/raw\norders.raw={{orders.raw}}/x\n");
        assertThat(wrong(Map.of()).values())
                .containsExactly(
                        "LEADERBOARD_RAW (" + file + ", line 1) refers to {{brigade.dat}}, which is not a setting.",
                        "ORDERS_RAW (" + file + ", line 2) refers to {{orders.raw}}, which refers to it in turn.");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "C:\\data\\new,C:/data/new,C:\\\\data\\\\new",
                "C:\\temp,C:/temp,C:\\\\temp",
                "C:\\users\\ana,C:/users/ana,C:\\\\users\\\\ana",
                "C:\\\\data\\new,C:/data/new,C:\\\\data\\\\new",
                "\\\\server\\share,/server/share,\\\\server\\\\share",
                "C:\\Übung,C:/Übung,C:\\\\Übung"
            })
    void a_backslash_that_would_be_lost_is_refused_with_its_line(String written, String slashes, String doubled)
            throws IOException {
        Path file = write("# where\nleaderboard.raw=" + written + "\nbrigade.http.port=4000\n");
        assertThat(wrong(Map.of()).values())
                .containsExactly("LEADERBOARD_RAW (" + file + ", line 2) has a backslash that would be lost. Write "
                        + slashes + ", or double each backslash: " + doubled + ".");
        assertThat(load(Map.of()).text("brigade.http.port")).isEqualTo("4000");
        for (String right : List.of(slashes, doubled)) {
            write("leaderboard.raw=" + right + "\n");
            assertThat(load(Map.of()).text("leaderboard.raw")).isEqualTo(right.replace("\\\\", "\\"));
        }
    }

    @Test
    void a_backslash_at_the_end_does_not_swallow_the_next_setting() throws IOException {
        Path file = write("brigade.data=D:\\\nbrigade.http.port=4000\nstocks.source=E:\\");
        assertThat(wrong(Map.of()).values())
                .containsExactly(
                        "BRIGADE_DATA (" + file
                                + ", line 1) ends with a backslash, which joins line 2 to it. Write D:/, or double each"
                                + " backslash: D:\\\\.",
                        "STOCKS_SOURCE (" + file
                                + ", line 3) has a backslash that would be lost. Write E:/, or double each backslash:"
                                + " E:\\\\.");
        assertThat(load(Map.of()).text("brigade.http.port")).isEqualTo("4000");
    }

    @Test
    void escapes_that_lose_nothing_are_read_and_a_secret_is_not_shown() throws IOException {
        write("\uFEFF" + """
                brigade.notify.prefix=Gr\\u00fc\\u00DFe\\: \\#1
                brigade.database.url=postgresql://h/d?\\
                    connectTimeout=3
                brigade.api.key : a\\\\b
                """);
        assertThat(wrong(Map.of())).isEmpty();
        assertThat(load(Map.of()).text("brigade.notify.prefix")).isEqualTo("Grüße: #1");
        assertThat(load(Map.of()).text("brigade.database.url")).isEqualTo("postgresql://h/d?connectTimeout=3");
        assertThat(load(Map.of()).text("brigade.api.key")).isEqualTo("a\\b");
        Path file = write("brigade.api.key=s3\\cret\n");
        assertThat(wrong(Map.of()).values())
                .containsExactly("BRIGADE_API_KEY (" + file
                        + ", line 1) has a backslash that would be lost. Double each backslash that you want to keep.");
    }

    @Test
    void a_file_in_another_encoding_is_refused() throws IOException {
        Path file = Files.write(
                folder.resolve("brigade.properties"), "orders.raw=/Übung".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> load(Map.of()))
                .isInstanceOf(Problem.class)
                .hasMessage(file + ": the file is not encoded in UTF-8; save it as UTF-8.");
    }

    @ParameterizedTest
    @CsvSource({
        "LEADERBOARD_RWA, LEADERBOARD_RAW",
        "LEADERBOARD_RESULTS, LEADERBOARD_RESULT",
        "LEADERBOARD_REJECTED, LEADERBOARD_MAX_REJECTED",
        "LEADERBOARD_REJECTED_MAX, LEADERBOARD_MAX_REJECTED",
        "LEADERBORD_RAW, LEADERBOARD_RAW",
        "ORDERS_HOLIDAY, ORDERS_HOLIDAYS",
        "ORDERS_TIMEZONE, ORDERS_TIME_ZONE",
        "ORDERS_ZONE, ORDERS_TIME_ZONE",
        "ORDERS_RAW_FOLDER, ORDERS_RAW",
        "STOCK_SOURCE, STOCKS_SOURCE",
        "BRIGADE_HTPP_PORT, BRIGADE_HTTP_PORT",
        "BRIGADE_PORT, BRIGADE_HTTP_PORT or BRIGADE_MAIL_PORT"
    })
    void a_misspelt_setting_is_named_with_the_one_that_was_meant(String misspelt, String meant) throws IOException {
        assertThat(load(Map.of(misspelt, "1")).warnings())
                .containsExactly(
                        misspelt + " in the environment is not a setting and is ignored. Did you mean " + meant + "?");
        Path file = write("\n" + misspelt.toLowerCase(java.util.Locale.ROOT).replace('_', '.') + "=1\n");
        assertThat(load(Map.of()).warnings())
                .containsExactly(misspelt + " in " + file + ", line 2, is not a setting and is ignored. Did you mean "
                        + meant + "?");
    }

    @Test
    void a_variable_of_ours_that_is_like_none_is_named_too() throws IOException {
        Path file = write("colour=red\n");
        assertThat(load(Map.of("BRIGADE_SOMETHING_ELSE", "1", "BRIGADE_HOME", "/x", "BRIGADE_JAVA_OPTIONS", "-Xmx1g"))
                        .warnings())
                .containsExactly(
                        "COLOUR in " + file
                                + ", line 1, is not a setting and is ignored. docs/CONFIGURATION.md lists the settings.",
                        "BRIGADE_SOMETHING_ELSE in the environment is not a setting and is ignored. docs/CONFIGURATION.md lists the"
                                + " settings.");
    }

    @Test
    void variables_of_the_platform_neither_stop_nor_alarm_the_start() {
        Map<String, String> environment = new HashMap<>();
        for (String service : List.of("ORDERS", "LEADERBOARD", "STOCKS", "BRIGADE", "BRIGADE_HTTP", "BRIGADE_MAIL")) {
            environment.put(service + "_SERVICE_HOST", "10.0.0.1");
            environment.put(service + "_SERVICE_PORT", "80");
            environment.put(service + "_SERVICE_PORT_HTTP", "80");
            environment.put(service + "_PORT", "tcp://10.0.0.1:80");
            environment.put(service + "_PORT_80_TCP", "tcp://10.0.0.1:80");
            environment.put(service + "_PORT_80_TCP_PROTO", "tcp");
            environment.put(service + "_PORT_80_TCP_PORT", "80");
            environment.put(service + "_PORT_80_TCP_ADDR", "10.0.0.1");
        }
        environment.putAll(Map.of(
                "PATH", "/bin", "ORDERS_API_TOKEN", "x", "AWS_ENDPOINT_URL_STS", "http://sts", "AWS_PROFILE", "me"));
        assertThat(load(environment).warnings()).isEmpty();
        assertThat(wrong(environment)).isEmpty();
        assertThat(load(environment).text("brigade.http.port")).isEqualTo("3000");
    }

    @Test
    void settings_are_found_in_folders_behind_symbolic_links() throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.createSymbolicLink(home.resolve("routes"), TestService.HOME.resolve("routes"));
        Settings settings = SettingsLoader.load(home, folder, Map.of("ORDERS_TIME_ZONE", "Mars"), Map.of());
        assertThat(SettingsCheck.wrong(settings)).containsOnlyKeys("orders.time.zone");
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("tides.properties"), "tides.place=Brest\n");
        Path own = Files.createDirectories(folder.resolve("own"));
        Files.createSymbolicLink(own.resolve("tides"), elsewhere);
        Files.createSymbolicLink(elsewhere.resolve("loop"), own);
        assertThat(load(Map.of("BRIGADE_ROUTES", own.toString())).text("tides.place"))
                .isEqualTo("Brest");
    }

    @Test
    void a_mounted_config_map_is_read_once() throws IOException {
        Path mounted = Files.createDirectories(folder.resolve("own/..2026_11_22"));
        Path file =
                Files.writeString(mounted.resolve("tides.properties"), "tides.place=Brest\nkind.tides.place=zone\n");
        Files.createSymbolicLink(folder.resolve("own/..data"), mounted);
        Path shown = Files.createSymbolicLink(folder.resolve("own/tides.properties"), file);
        assertThat(FolderTree.files(folder.resolve("own"))).containsExactly(shown);
        assertThat(wrong(Map.of("BRIGADE_ROUTES", folder.resolve("own").toString()))
                        .values())
                .singleElement()
                .asString()
                .startsWith("TIDES_PLACE (" + shown + ", line 1) is 'Brest'");
    }

    @ParameterizedTest
    @CsvSource({
        "brigade_http_port, BRIGADE_HTTP_PORT",
        "Brigade_Http_Port, BRIGADE_HTTP_PORT",
        "brigade.http.port, BRIGADE_HTTP_PORT",
        "leaderboard-raw, LEADERBOARD_RAW",
        "brigade_htpp_port, BRIGADE_HTTP_PORT",
        "leaderboard_rwa, LEADERBOARD_RAW",
        "aws_region, AWS_REGION",
        "brigade_java_options, BRIGADE_JAVA_OPTIONS"
    })
    void a_variable_in_another_case_is_named_with_the_one_that_was_meant(String written, String meant) {
        Settings settings = load(Map.of(written, "1"));
        assertThat(settings.warnings())
                .containsExactly(
                        written + " in the environment is not a setting and is ignored. Did you mean " + meant + "?");
        assertThat(settings.text("brigade.http.port")).isEqualTo("3000");
        assertThat(load(Map.of("http_proxy", "x", "aws_profile", "x", "path", "x", "npm_config_port", "1"))
                        .warnings())
                .isEmpty();
    }
}
