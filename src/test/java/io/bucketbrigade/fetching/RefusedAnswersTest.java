package io.bucketbrigade.fetching;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.fetching.FetchOutcome.State;
import io.bucketbrigade.fetching.WebSite.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What does not take the place of a good file. */
class RefusedAnswersTest extends FetchTest {
    @Test
    void a_good_file_is_not_replaced_by_half_of_one() throws Exception {
        assertGoodFileStays(
                request -> Answer.of("200 OK", OTHER).with("ETag", "\"2\"").cutAfter(100),
                limits(),
                "the connection broke after 100 bytes of 30,00");
    }

    @Test
    void nor_by_a_file_of_another_length_than_was_announced() throws Exception {
        assertGoodFileStays(
                request -> Answer.of("200 OK", OTHER).with("Content-Length", "50000"),
                limits(),
                "bytes of 50,000. It was tried 3 times, and is tried again the next time.");
    }

    @Test
    void nor_by_one_whose_end_nobody_knows() throws Exception {
        assertGoodFileStays(
                request -> Answer.of("200 OK", OTHER).withoutLength(), limits(), "does not say how long the file is");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            text/html; charset=utf-8 | Please log in            | the server sends HTML instead of the file (Content-Type: text/html)
            text/csv                 | <!DOCTYPE html><html>    | the server sends something else: this is a web page.
            application/json         | {"error": "gone"}        | the server sends JSON instead of the file
            application/octet-stream | {"error": "gone"}        | the server sends something else: this is JSON.
            application/xml          | <Error/>                 | the server sends XML instead of the file
            text/csv                 | ``                       | the server sends an empty file.
            text/plain               | Try again later, please  | the server sends something else: 2015.csv, line 1, column id: this column is missing; the header has: Try again later, please.
            text/csv                 | id;words                 | the server sends something else: 2015.csv, line 1, column word: this column is missing
            """)
    void nor_by_a_page_or_a_message_with_the_status_of_success(String type, String body, String words)
            throws Exception {
        assertGoodFileStays(request -> Answer.ok(body).with("Content-Type", type), limits(), words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            404 Not Found    | 127.0.0.1 answered 404 Not Found. Correct the address.
            403 Forbidden    | 127.0.0.1 answered 403 Forbidden. Correct the address.
            204 No Content   | 127.0.0.1 answered 204 No Content.
            206 Partial      | the server sends another part than was asked for
            500 Oh no        | 127.0.0.1 answered 500 Oh no. It was tried 3 times, and is tried again the next time.
            """)
    void nor_by_what_the_server_says_when_it_fails(String status, String words) throws Exception {
        assertGoodFileStays(
                request -> Answer.of(status, "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8)), limits(), words);
    }

    @Test
    void a_server_that_asks_to_wait_is_asked_again_then() throws Exception {
        long began = System.nanoTime();
        FetchOutcome outcome = fetch(request -> site.requests().size() == 1
                ? Answer.of("503 Busy", new byte[0]).with("Retry-After", "1")
                : WebSite.file(request, CONTENT, "\"1\""));
        assertThat(outcome.state()).isEqualTo(State.FETCHED);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void a_server_that_asks_to_wait_for_long_is_left_alone_until_the_next_time() throws Exception {
        FetchOutcome outcome =
                fetch(request -> Answer.of("429 Slow down", new byte[0]).with("Retry-After", "3600"));
        assertThat(outcome.error())
                .isEqualTo(
                        "127.0.0.1 answered 429 Slow down and asks to wait for 3,600 seconds. It is tried again the next time.");
        assertThat(site.requests()).hasSize(1);
    }

    @Test
    void redirects_are_followed_a_few_times() throws Exception {
        FetchOutcome outcome = fetch(request -> request.target().equals("/2015.csv")
                ? Answer.redirect("/a/moved.csv")
                : WebSite.file(request, CONTENT, "\"1\""));
        assertThat(outcome.state()).as(outcome.error()).isEqualTo(State.FETCHED);
        assertThat(fetch(request -> request.target().equals("/2015.csv")
                                ? Answer.redirect("/a/moved.csv")
                                : WebSite.file(request, CONTENT, "\"1\""))
                        .state())
                .isEqualTo(State.UNCHANGED);
    }

    @Test
    void it_is_named_who_fails_behind_a_redirect() throws Exception {
        String elsewhere = site.url("/moved.csv").replace("127.0.0.1", "localhost");
        assertGoodFileStays(
                request -> request.target().equals("/2015.csv")
                        ? Answer.redirect(elsewhere)
                        : Answer.of("404 Not Found", new byte[0]),
                limits(),
                "localhost (redirected from 127.0.0.1) answered 404 Not Found. Correct the address.");
    }

    @Test
    void redirects_end_somewhere() throws Exception {
        AtomicInteger count = new AtomicInteger();
        assertGoodFileStays(
                request -> Answer.redirect("/" + count.incrementAndGet()), limits(), "127.0.0.1 redirects too often");
        assertThat(site.requests()).hasSize(6);
    }

    @Test
    void redirects_in_a_loop_are_noticed() throws Exception {
        assertGoodFileStays(request -> Answer.redirect("/2015.csv"), limits(), "127.0.0.1 redirects in a loop.");
        assertThat(site.requests()).hasSizeLessThan(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            file:///etc/passwd        | the server redirects to file:///etc/passwd, which is not fetched.
            ftp://example.org/a?k=x   | the server redirects to ftp://example.org/a?…, which is not fetched.
            http://me:secret@host/a   | the server redirects to http://…@host/a with a user or a password
            """)
    void redirects_lead_nowhere_else(String target, String words) throws Exception {
        assertGoodFileStays(request -> Answer.redirect(target), limits(), words);
        assertThat(site.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_file_that_is_too_large_is_not_fetched(boolean inChunks) throws Exception {
        FetchLimits small = new FetchLimits(
                25_000,
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                1,
                3,
                Duration.ZERO.plusMillis(1),
                Duration.ofMillis(2),
                true);
        assertGoodFileStays(
                request -> inChunks
                        ? Answer.of("200 OK", OTHER).inChunks()
                        : Answer.of("200 OK", OTHER).cutAfter(0),
                small,
                "the file is larger than 25,000 bytes. If that is right, set BRIGADE_FETCH_MAX to more.");
        assertThat(site.requests()).hasSize(1);
    }

    @Test
    void a_server_that_falls_silent_is_given_up() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        assertGoodFileStays(
                request -> Answer.of("200 OK", OTHER).waiting(100, never),
                impatient(Duration.ofMillis(200), 1),
                "127.0.0.1 sends nothing for 0.2 s. It was tried 1 time");
        never.countDown();
    }

    @Test
    void a_server_that_never_answers_is_given_up() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        assertGoodFileStays(
                request -> {
                    try {
                        never.await();
                    } catch (InterruptedException closed) {
                        Thread.currentThread().interrupt();
                    }
                    return Answer.ok("");
                },
                impatient(Duration.ofMillis(200), 1),
                "127.0.0.1 sends nothing for 0.2 s.");
        never.countDown();
    }

    @Test
    void a_server_that_is_too_slow_is_given_up() throws Exception {
        assertGoodFileStays(
                request -> Answer.of("200 OK", OTHER).dripping(),
                impatient(Duration.ofMillis(300), 10_000),
                "the server sends less than 10,000 bytes per second. It was tried 1 time");
    }

    @Test
    void a_file_that_takes_too_long_is_given_up_and_what_arrived_is_kept() throws Exception {
        FetchLimits brief = new FetchLimits(
                1_000_000,
                Duration.ofMillis(300),
                Duration.ofSeconds(5),
                1,
                3,
                Duration.ofMillis(10),
                Duration.ofMillis(20),
                true);
        assertGoodFileStays(
                request -> Answer.of("200 OK", OTHER).with("ETag", "\"2\"").dripping(),
                brief,
                "the file has not arrived after 0 s (BRIGADE_FETCH_TIME)");
        assertThat(fetch(request -> WebSite.file(request, OTHER, "\"2\"")).state())
                .isEqualTo(State.FETCHED);
        assertThat(site.requests().get(0).header("range")).startsWith("bytes=");
        assertThat(file()).hasBinaryContent(OTHER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "169.254.169.254",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "localhost",
                "192.168.1.1",
                "172.20.0.1",
                "100.64.0.1",
                "[fe80::1]",
                "[fd00::1]",
                "0.0.0.0",
                "[::]",
                "224.0.0.1",
                "2130706433"
            })
    void private_addresses_are_not_fetched_from(String host) throws Exception {
        FetchLimits usual = new FetchLimits(
                1_000_000,
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                1,
                3,
                Duration.ofMillis(1),
                Duration.ofMillis(2),
                false);
        site.rule(request -> WebSite.file(request, CONTENT, "\"1\""));
        FetchOutcome outcome = fetch("a.csv=http://" + host + ":" + site.port() + "/a.csv", usual);
        assertThat(outcome.error()).contains("addresses of this machine and of private networks are not fetched from");
        assertThat(site.requests()).isEmpty();
    }
}
