package io.bucketbrigade.fetching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsCheck;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.support.TestService;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FetchSourcesTest {
    @TempDir
    Path folder = Path.of("");

    private Settings settings(Map<String, String> environment) {
        return SettingsLoader.load(TestService.HOME, folder, environment, Map.of());
    }

    @Test
    void each_source_has_a_name_or_that_of_its_file() {
        assertThat(FetchSources.parse(
                        "TIDES_SOURCES",
                        "2015.csv=https://example.org/x?a=b, https://example.org/a%20b.csv?k=v,files/2016.csv,"
                                + "2017.csv.gz = /tmp/a=b.gz, s3://bucket/dir/2018.csv,years/year=2019/2019.csv"))
                .containsExactly(
                        new FetchSource("2015.csv", "https://example.org/x?a=b"),
                        new FetchSource("a b.csv", "https://example.org/a%20b.csv?k=v"),
                        new FetchSource("2016.csv", "files/2016.csv"),
                        new FetchSource("2017.csv.gz", "/tmp/a=b.gz"),
                        new FetchSource("2018.csv", "s3://bucket/dir/2018.csv"),
                        new FetchSource("2019.csv", "years/year=2019/2019.csv"));
    }

    @Test
    void a_long_list_may_go_over_several_lines() {
        Settings lines = settings(
                Map.of("CITY_REQUESTS_SOURCES", "\nhttps://example.org/2015.csv,\r\n\thttps://example.org/2016.csv"));
        assertThatCode(() -> SettingsCheck.require(lines)).doesNotThrowAnyException();
        assertThat(FetchSources.parse("X", lines.text("city.requests.sources")))
                .extracting(FetchSource::name)
                .containsExactly("2015.csv", "2016.csv");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            https://example.org/?year=2015     | TIDES_SOURCES names https://example.org/?… without a name for its file
            ../a/.hidden=x.csv                 | TIDES_SOURCES names ../a/.hidden=x.csv without a name
            .a.csv=https://example.org/        | TIDES_SOURCES names https://example.org/ with '.a.csv' as the name of its file. Write NAME.csv=https://example.org/, where NAME begins with a letter or a digit and has no slash.
            ../a.csv=http://example.org/b.csv  | TIDES_SOURCES names http://example.org/b.csv with '../a.csv' as the name of its file. Write NAME.csv=http://example.org/b.csv
            a.csv=ftp://example.org/a.csv      | TIDES_SOURCES names ftp://example.org/a.csv; only http:// and https://
            a.csv=file:/etc/passwd             | TIDES_SOURCES names file:/etc/passwd; only http:// and https://
            a.csv=https://me:pass@example.org/ | TIDES_SOURCES names https://…@example.org/ with a user or a password
            a.csv=https://example.org/a b      | which is not a URL. Write what a URL can't hold as escapes
            a.csv=https:///a                   | which is not a URL
            a.csv=                             | TIDES_SOURCES has a name without an address behind it.
            a.csv=x.csv,A.csv=y.csv            | TIDES_SOURCES repeats the name A.csv.
            a.csv=http://127.0.0.1/a           | but addresses of this machine and of private networks are not fetched from
            a.csv=http://LOCALHOST:8080/a      | but addresses of this machine and of private networks are not fetched from
            a.csv=http://[::ffff:10.0.0.1]/a   | but addresses of this machine and of private networks are not fetched from
            """)
    void a_source_that_cannot_be_fetched_is_refused_in_words(String value, String words) {
        Settings usual = settings(Map.of());
        assertThatThrownBy(() -> new FetchSources().check("TIDES_SOURCES", value, usual))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(words)
                .satisfies(problem -> assertThat(problem.getMessage()).doesNotContain("pass@", "year="));
    }

    @Test
    void a_relative_path_may_be_meant_from_the_folder_of_the_program() throws Exception {
        Path sample = Files.writeString(folder.resolve("only-there.csv"), "a\n1\n");
        assertThat(new FetchSource("a.csv", "only-there.csv").orBelow(folder))
                .isEqualTo(new FetchSource("a.csv", sample.toString()));
        FetchSource here = new FetchSource("a.csv", "pom.xml");
        assertThat(here.orBelow(folder)).isEqualTo(here);
        FetchSource nowhere = new FetchSource("a.csv", "nowhere.csv");
        assertThat(nowhere.orBelow(folder)).isEqualTo(nowhere);
    }

    @Test
    void private_addresses_may_be_allowed() {
        new FetchSources()
                .check(
                        "TIDES_SOURCES",
                        "a.csv=http://10.0.0.1/a,b.csv=http://files.example.org/b",
                        settings(Map.of("BRIGADE_FETCH_PRIVATE", "true")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.1.2.3",
                "10.255.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "127.9.9.9",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.3.4",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::1",
                "2002:7f00:1::",
                "2001::1",
                "2001:db8::1"
            })
    void private_addresses_are_known(String address) throws Exception {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.167.1.1",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450::1",
                "64:ff9b::808:808",
                "2001:4860::1"
            })
    void addresses_of_the_internet_are_public(String address) throws Exception {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isTrue();
    }
}
