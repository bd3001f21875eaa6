package io.bucketbrigade.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestService;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that say to have come through a proxy. All of them come from 127.0.0.1, which is or is not a named proxy. */
@Tag("slow")
class ForwardedTest {
    private static final String[] PAGE = {"Origin", "https://page.example", "Authorization", "Bearer s3cret"};

    @TempDir
    private Path folder = Path.of("");

    private TestService service(String proxies) throws Exception {
        return new TestService(folder, Map.of("BRIGADE_API_KEY", "s3cret", "BRIGADE_TRUSTED_PROXIES", proxies));
    }

    private static HttpResponse<String> feed(TestService service, String... headers) throws Exception {
        return service.post("/feed", "{}", headers);
    }

    private static HttpResponse<String> fromPage(TestService service, String host, String scheme) throws Exception {
        return feed(service, PAGE[0], PAGE[1], PAGE[2], PAGE[3], "X-Forwarded-Host", host, "X-Forwarded-Proto", scheme);
    }

    @Test
    void from_a_named_proxy_the_forwarded_host_and_scheme_are_those_of_the_page() throws Exception {
        try (TestService service = service("127.0.0.0/8, ::1")) {
            assertThat(fromPage(service, "page.example", "https").statusCode()).isEqualTo(400);
            assertThat(fromPage(service, "page.example:443", "https").statusCode())
                    .isEqualTo(400);
            assertThat(fromPage(service, "page.example", "http").statusCode()).isEqualTo(403);
            assertThat(fromPage(service, "other.example", "https").statusCode()).isEqualTo(403);
            assertThat(fromPage(service, "page.example, other.example", "https").statusCode())
                    .as("the proxy's word comes last")
                    .isEqualTo(403);
        }
    }

    @Test
    void from_anybody_else_they_are_ignored() throws Exception {
        try (TestService service = service("192.0.2.0/24")) {
            assertThat(fromPage(service, "page.example", "https").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void wrong_keys_are_counted_for_the_caller_whom_a_named_proxy_says() throws Exception {
        try (TestService service = service("127.0.0.1,10.0.0.0/8")) {
            for (int attempt = 0; attempt < 10; attempt++) {
                assertThat(guess(service, "192.0.2.66, 203.0.113." + attempt + ", 198.51.100.7, 10.1.2.3"))
                        .isEqualTo(403);
            }
            assertThat(guess(service, "198.51.100.7")).isEqualTo(429);
            assertThat(guess(service, "198.51.100.7:50123")).isEqualTo(429);
            assertThat(guess(service, "192.0.2.66")).isEqualTo(403);
            for (int attempt = 0; attempt < 10; attempt++) {
                assertThat(guess(service, "[2001:db8:0:1::" + attempt + "]:443"))
                        .isEqualTo(403);
            }
            assertThat(guess(service, "2001:db8:0:1:ffff::1"))
                    .as("of the same /64")
                    .isEqualTo(429);
            assertThat(guess(service, "2001:db8:0:2::1")).isEqualTo(403);
        }
    }

    @Test
    void nobody_else_escapes_the_count_by_saying_to_be_another() throws Exception {
        try (TestService service = service("")) {
            for (int attempt = 0; attempt < 10; attempt++) {
                assertThat(guess(service, "203.0.113." + attempt)).isEqualTo(403);
            }
            assertThat(guess(service, "198.51.100.7")).isEqualTo(429);
        }
    }

    private static int guess(TestService service, String client) throws Exception {
        return feed(service, "X-Forwarded-For", client, "Authorization", "Bearer wrong")
                .statusCode();
    }

    @Test
    void without_a_key_who_comes_through_a_proxy_is_not_at_this_machine() throws Exception {
        try (TestService service = new TestService(folder, Map.of())) {
            assertThat(feed(service).statusCode())
                    .as("a call from this machine")
                    .isEqualTo(400);
            for (String header : new String[] {
                "X-Forwarded-For", "X-Real-IP", "Forwarded", "Via", "X-Forwarded-Host", "x-forwarded-server"
            }) {
                HttpResponse<String> refused = feed(service, header, "127.0.0.1");
                assertThat(refused.statusCode()).as(header).isEqualTo(403);
                assertThat(refused.body()).contains("came through a proxy", "Set BRIGADE_API_KEY");
            }
            assertThat(service.get("/leaderboard", "X-Forwarded-For", "192.0.2.1")
                            .statusCode())
                    .as("reading")
                    .isEqualTo(200);
        }
    }

    @Test
    void without_a_key_a_named_proxy_is_not_at_this_machine_whatever_it_says() throws Exception {
        try (TestService service = new TestService(folder, Map.of("BRIGADE_TRUSTED_PROXIES", "127.0.0.1"))) {
            assertThat(feed(service).statusCode()).isEqualTo(403);
            assertThat(feed(service, "X-Forwarded-For", "127.0.0.1").statusCode())
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0",
                "10.0.0.0/-1",
                "::1/129",
                "*",
                "10.0.0.1 10.0.0.2"
            })
    void what_is_no_address_is_refused_at_the_start(String proxies) {
        assertThatThrownBy(() -> new TestService(
                                folder, "postgresql://x@localhost:1/x", Map.of("BRIGADE_TRUSTED_PROXIES", proxies))
                        .close())
                .isInstanceOf(Problem.class)
                .hasMessageContaining("BRIGADE_TRUSTED_PROXIES is '" + proxies
                        + "'; it must be addresses such as 10.0.0.7 or ranges such as 10.0.0.0/8");
    }
}
