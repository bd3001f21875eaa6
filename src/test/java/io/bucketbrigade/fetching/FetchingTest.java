package io.bucketbrigade.fetching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.fetching.FetchOutcome.State;
import io.bucketbrigade.fetching.WebSite.Answer;
import io.bucketbrigade.fetching.WebSite.Request;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestLocations;
import io.bucketbrigade.support.TestService;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetching into a folder, from a server that does all that servers do. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FetchingTest {
    private static final byte[] CONTENT = csv("first", 20_000);
    private static final byte[] OTHER = csv("other", 30_000);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Database database;
    private WebSite site;
    private Degradations degradations;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @TempDir
    Path folder = Path.of("");

    @BeforeAll
    void start() {
        database = TestDatabase.newMigrated();
    }

    @AfterAll
    void stop() {
        database.close();
    }

    @BeforeEach
    void nothingWasFetched() throws Exception {
        execute("DELETE FROM brigade.fetched");
        site = new WebSite();
        degradations = new Degradations(InstantSource.system());
        Path tides = Files.createDirectories(folder.resolve("routes/tides"));
        Files.writeString(tides.resolve("pipeline.yaml"), "title: Tides\ndescription: Readings\ntask: sum\n");
        Files.writeString(tides.resolve("tides.properties"), """
                tides.sources=
                kind.tides.sources=io.bucketbrigade.fetching.FetchSources
                tides.raw={{brigade.data}}/raw
                kind.tides.raw=place
                """);
    }

    @AfterEach
    void close() throws IOException {
        site.close();
    }

    private static byte[] csv(String word, int bytes) {
        StringBuilder text = new StringBuilder("id,word\n");
        for (int row = 0; text.length() < bytes; row++) {
            text.append(row).append(',').append(word).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String ask(String sql) throws Exception {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static FetchLimits limits() {
        return new FetchLimits(
                1_000_000,
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                1,
                3,
                Duration.ofMillis(20),
                Duration.ofMillis(2_000),
                true);
    }

    private static FetchLimits impatient(Duration stall, int leastRate) {
        return new FetchLimits(
                1_000_000,
                Duration.ofSeconds(20),
                stall,
                leastRate,
                1,
                Duration.ofMillis(10),
                Duration.ofMillis(20),
                true);
    }

    private Fetching fetching(String sources, FetchLimits limits) {
        Settings settings = SettingsLoader.load(
                TestService.HOME,
                folder,
                Map.of(
                        "BRIGADE_DATA",
                        folder.resolve("data").toString(),
                        "BRIGADE_ROUTES",
                        folder.resolve("routes").toString(),
                        "TIDES_SOURCES",
                        sources),
                Map.of());
        return new Fetching(
                settings, TestLocations.FOLDERS, database.pool(), new FetchMetrics(meters, degradations), () -> limits);
    }

    private FetchOutcome fetch(String sources, FetchLimits limits) throws Exception {
        List<FetchOutcome> outcomes = fetching(sources, limits).fetch("tides.sources", "tides.raw");
        assertThat(outcomes).hasSize(1);
        return outcomes.get(0);
    }

    private FetchOutcome fetch(Function<Request, Answer> rule) throws Exception {
        return fetch(rule, limits());
    }

    private FetchOutcome fetch(Function<Request, Answer> rule, FetchLimits limits) throws Exception {
        site.rule(rule);
        return fetch("2015.csv=" + site.url("/2015.csv"), limits);
    }

    private Path file() {
        return folder.resolve("data/raw/2015.csv");
    }

    private void assertGoodFileStays(Function<Request, Answer> rule, FetchLimits limits, String words)
            throws Exception {
        fetch(request -> WebSite.file(request, CONTENT, "\"1\""));
        FetchOutcome outcome = fetch(rule, limits);
        assertThat(outcome.state()).isEqualTo(State.FAILED);
        assertThat(outcome.error()).contains(words).doesNotContain("\n").doesNotContain("xception");
        assertThat(file()).hasBinaryContent(CONTENT);
        assertThat(folder.resolve("data/raw")).isDirectoryContaining(path -> path.equals(file()));
        assertThat(folder.resolve("data/raw").toFile().list()).containsExactly("2015.csv");
        assertThat(degradations.current())
                .hasEntrySatisfying("2015.csv of TIDES_SOURCES", sentence -> assertThat(sentence)
                        .contains(words));
        assertThat(ask("SELECT state || ': ' || error FROM brigade.fetched")).startsWith("failed: ");
    }

    @Test
    void a_file_is_fetched_once_and_again_only_when_it_changed() throws Exception {
        FetchOutcome first = fetch(request -> WebSite.file(request, CONTENT, "\"1\""));
        assertThat(first.state()).isEqualTo(State.FETCHED);
        assertThat(first.line()).matches("2015.csv: fetched 20,00\\d bytes at [0-9.]+ [KM]B/s");
        assertThat(file()).hasBinaryContent(CONTENT);
        FileTime placed = Files.getLastModifiedTime(file());

        FetchOutcome second = fetch(request -> WebSite.file(request, CONTENT, "\"1\""));
        assertThat(second.line()).isEqualTo("2015.csv: unchanged");
        assertThat(site.requests()).singleElement().satisfies(request -> assertThat(request.header("if-none-match"))
                .isEqualTo("\"1\""));
        assertThat(Files.getLastModifiedTime(file())).isEqualTo(placed);
        assertThat(ask("SELECT state FROM brigade.fetched")).isEqualTo("unchanged");

        FetchOutcome third = fetch(request -> WebSite.file(request, OTHER, "\"2\""));
        assertThat(third.state()).isEqualTo(State.FETCHED);
        assertThat(file()).hasBinaryContent(OTHER);
        assertThat(ask("SELECT pipeline || ' ' || size || ' ' || etag || ' ' || sha256 FROM brigade.fetched"))
                .isEqualTo("tides " + OTHER.length + " \"2\" " + Digest.of(new String(OTHER, StandardCharsets.UTF_8)));
        assertThat(folder.resolve("data/fetching/tides.sources")).isEmptyDirectory();
    }

    @Test
    void last_modified_tells_versions_apart_too() throws Exception {
        String time = "Wed, 25 Nov 2026 10:00:00 GMT";
        fetch(request -> Answer.of("200 OK", CONTENT).with("Last-Modified", time));
        FetchOutcome second =
                fetch(request -> request.header("if-modified-since").equals(time)
                        ? Answer.of("304 Not Modified", new byte[0])
                        : Answer.of("200 OK", OTHER));
        assertThat(second.state()).isEqualTo(State.UNCHANGED);
    }

    @Test
    void the_same_content_without_a_version_is_not_put_in_place_again() throws Exception {
        fetch(request -> Answer.of("200 OK", CONTENT).inChunks());
        FileTime placed = Files.getLastModifiedTime(file());
        assertThat(fetch(request -> Answer.of("200 OK", CONTENT).inChunks()).state())
                .isEqualTo(State.UNCHANGED);
        assertThat(Files.getLastModifiedTime(file())).isEqualTo(placed);
    }

    @Test
    void a_file_that_somebody_deleted_is_fetched_again() throws Exception {
        fetch(request -> WebSite.file(request, CONTENT, "\"1\""));
        Files.delete(file());
        assertThat(fetch(request -> WebSite.file(request, CONTENT, "\"1\"")).state())
                .isEqualTo(State.FETCHED);
        assertThat(file()).hasBinaryContent(CONTENT);
    }

    @Test
    void a_transfer_that_breaks_is_resumed_at_once() throws Exception {
        FetchOutcome outcome = fetch(request -> {
            Answer answer = WebSite.file(request, CONTENT, "\"1\"");
            return request.header("range").isEmpty() ? answer.cutAfter(7_000) : answer;
        });
        assertThat(outcome.state()).isEqualTo(State.FETCHED);
        assertThat(file()).hasBinaryContent(CONTENT);
        assertThat(site.requests()).hasSize(2);
        assertThat(site.requests().get(1).header("range")).isEqualTo("bytes=7000-");
        assertThat(site.requests().get(1).header("if-range")).isEqualTo("\"1\"");
    }

    @Test
    void what_breaks_again_and_again_goes_on_as_long_as_more_arrives() throws Exception {
        FetchOutcome outcome =
                fetch(request -> WebSite.file(request, CONTENT, "\"1\"").cutAfter(4_000));
        assertThat(outcome.state()).isEqualTo(State.FETCHED);
        assertThat(site.requests()).hasSizeGreaterThan(limits().attempts());
        assertThat(file()).hasBinaryContent(CONTENT);
    }

    @Test
    void a_later_process_goes_on_where_the_former_stopped() throws Exception {
        FetchOutcome broken = fetch(request -> request.header("range").isEmpty()
                ? WebSite.file(request, CONTENT, "\"1\"").cutAfter(9_000)
                : Answer.of("503 Busy", new byte[0]));
        assertThat(broken.error()).contains("127.0.0.1 answered 503 Busy. It was tried");
        assertThat(file()).doesNotExist();
        FetchOutcome outcome = fetch(request -> WebSite.file(request, CONTENT, "\"1\""));
        assertThat(outcome.state()).isEqualTo(State.FETCHED);
        assertThat(site.requests()).singleElement().satisfies(request -> assertThat(request.header("range"))
                .isEqualTo("bytes=9000-"));
        assertThat(file()).hasBinaryContent(CONTENT);
        assertThat(degradations.current()).isEmpty();
    }

    @Test
    void a_file_that_changed_between_break_and_resumption_is_fetched_from_its_beginning() throws Exception {
        FetchOutcome outcome = fetch(request -> request.header("range").isEmpty()
                ? WebSite.file(request, CONTENT, "\"1\"").cutAfter(9_000)
                : WebSite.file(request, OTHER, "\"2\""));
        assertThat(outcome.state()).isEqualTo(State.FETCHED);
        assertThat(file()).hasBinaryContent(OTHER);
    }

    @Test
    void a_server_that_sends_the_rest_of_another_version_is_not_believed() throws Exception {
        FetchOutcome outcome = fetch(request -> {
            if (request.header("range").isEmpty() && site.requests().size() == 1) {
                return WebSite.file(request, CONTENT, "\"1\"").cutAfter(9_000);
            }
            Request same = new Request(request.target(), Map.of("range", request.header("range"), "if-range", "\"2\""));
            return WebSite.file(same, OTHER, "\"2\"");
        });
        assertThat(outcome.state()).isEqualTo(State.FETCHED);
        assertThat(file()).hasBinaryContent(OTHER);
    }

    @Test
    void a_server_that_knows_no_ranges_sends_all_of_it() throws Exception {
        FetchOutcome outcome = fetch(request -> {
            Answer answer = Answer.of("200 OK", CONTENT).with("ETag", "\"1\"");
            return site.requests().size() == 1 ? answer.cutAfter(9_000) : answer;
        });
        assertThat(outcome.state()).isEqualTo(State.FETCHED);
        assertThat(file()).hasBinaryContent(CONTENT);
    }

    @Test
    void a_file_without_a_version_is_fetched_from_its_beginning_after_a_break() throws Exception {
        FetchOutcome outcome = fetch(request -> {
            Answer answer = Answer.of("200 OK", CONTENT);
            return site.requests().size() == 1 ? answer.cutAfter(9_000) : answer;
        });
        assertThat(outcome.state()).isEqualTo(State.FETCHED);
        assertThat(site.requests())
                .allSatisfy(request -> assertThat(request.header("range")).isEmpty());
        assertThat(file()).hasBinaryContent(CONTENT);
    }

    @Test
    void an_answer_that_is_packed_on_the_way_is_unpacked_and_its_length_is_that_of_what_was_sent() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(CONTENT);
        }
        FetchOutcome outcome = fetch(request -> {
            Answer answer = WebSite.file(request, packed.toByteArray(), "\"1\"").with("Content-Encoding", "gzip");
            return request.header("range").isEmpty() ? answer.cutAfter(500) : answer;
        });
        assertThat(outcome.state()).as(outcome.error()).isEqualTo(State.FETCHED);
        assertThat(file()).hasBinaryContent(CONTENT);
        assertThat(site.requests().get(0).header("accept-encoding")).isEqualTo("identity");
    }

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

    @Test
    void one_that_fails_keeps_no_other_from_being_fetched() throws Exception {
        site.rule(request -> request.target().equals("/b.csv")
                ? Answer.of("404 Not Found", new byte[0])
                : WebSite.file(request, CONTENT, "\"1\""));
        String sources = "a.csv=" + site.url("/a.csv") + ", " + site.url("/b.csv") + ",c.csv=" + site.url("/c.csv");
        List<FetchOutcome> outcomes = fetching(sources, limits()).fetch("tides.sources", "tides.raw");
        assertThat(outcomes)
                .extracting(FetchOutcome::line)
                .satisfiesExactly(
                        a -> assertThat(a).startsWith("a.csv: fetched"),
                        b -> assertThat(b)
                                .isEqualTo("b.csv: failed: 127.0.0.1 answered 404 Not Found. Correct the address."),
                        c -> assertThat(c).startsWith("c.csv: fetched"));
        assertThat(degradations.current()).containsOnlyKeys("b.csv of TIDES_SOURCES");
        assertThat(meters.counter("brigade.fetches", "pipeline", "tides", "outcome", "failed")
                        .count())
                .isPositive();

        fetching("a.csv=" + site.url("/a.csv"), limits()).fetch("tides.sources", "tides.raw");
        assertThat(degradations.current()).isEmpty();
        assertThat(ask("SELECT string_agg(name, ' ') FROM brigade.fetched")).isEqualTo("a.csv");
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

    @Test
    void a_fetch_shows_how_far_it_is_and_nobody_else_does_the_same_meanwhile() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        site.rule(request -> WebSite.file(request, CONTENT, "\"1\"").waiting(5_000, goOn));
        String source = "2015.csv=" + site.url("/2015.csv");
        CompletableFuture<FetchOutcome> first = CompletableFuture.supplyAsync(() -> {
            try {
                return fetch(source, limits());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        await().atMost(PATIENCE).until(() -> ("fetching 5000 " + CONTENT.length)
                .equals(askIfAny("state || ' ' || bytes || ' ' || total")));
        assertThat(fetch(source, limits()).line()).isEqualTo("2015.csv: is being fetched already");
        assertThat(site.requests()).hasSize(1);
        goOn.countDown();
        assertThat(first.get().state()).isEqualTo(State.FETCHED);
        assertThat(ask("SELECT state || ' ' || (rate > 0) || ' ' || (owner IS NULL) FROM brigade.fetched"))
                .isEqualTo("fetched true true");
    }

    private String askIfAny(String what) throws Exception {
        return ask("SELECT max(" + what + ") FROM brigade.fetched");
    }

    @Test
    void who_lost_a_source_to_another_process_does_not_put_its_file_in_place() throws Exception {
        fetch(request -> WebSite.file(request, CONTENT, "\"1\""));
        FetchOutcome outcome = fetch(request -> {
            try {
                execute("UPDATE brigade.fetched SET owner = 'somebody else'");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return WebSite.file(request, OTHER, "\"2\"");
        });
        assertThat(outcome.error()).contains("another process fetches it by now");
        assertThat(file()).hasBinaryContent(CONTENT);
        assertThat(ask("SELECT owner FROM brigade.fetched")).isEqualTo("somebody else");
    }

    @Test
    void a_source_whose_process_died_is_free_when_its_lease_ends_or_it_is_released() throws Exception {
        fetch(request -> WebSite.file(request, CONTENT, "\"1\""));
        execute("UPDATE brigade.fetched SET state = 'fetching', owner = 'dead', lease_until = now() + interval '1 h'");
        assertThat(fetch(request -> WebSite.file(request, OTHER, "\"2\"")).state())
                .isEqualTo(State.BUSY);
        assertThat(fetching("", limits()).releaseOrphans()).isEqualTo(1);
        assertThat(fetch(request -> WebSite.file(request, OTHER, "\"2\"")).state())
                .isEqualTo(State.FETCHED);
    }

    @Test
    void a_service_that_stops_ends_the_fetch_and_the_next_one_goes_on() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        site.rule(request -> WebSite.file(request, CONTENT, "\"1\"").waiting(5_000, never));
        Fetching fetching = fetching("2015.csv=" + site.url("/2015.csv"), limits());
        CompletableFuture<List<FetchOutcome>> running = CompletableFuture.supplyAsync(() -> {
            try {
                return fetching.fetch("tides.sources", "tides.raw");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        await().atMost(PATIENCE).until(() -> "5000".equals(askIfAny("bytes::text")));
        fetching.breakOff();
        assertThat(running.get())
                .singleElement()
                .extracting(FetchOutcome::state)
                .isEqualTo(State.FAILED);
        never.countDown();
        assertThat(file()).doesNotExist();
        assertThat(degradations.current()).isEmpty();
        assertThat(fetch(request -> WebSite.file(request, CONTENT, "\"1\"")).state())
                .isEqualTo(State.FETCHED);
        assertThat(file()).hasBinaryContent(CONTENT);
    }

    @Test
    void a_file_of_this_machine_is_copied_when_it_changed() throws Exception {
        Path own = Files.write(folder.resolve("own.csv"), CONTENT);
        String source = "2015.csv=" + own;
        assertThat(fetch(source, limits()).state()).isEqualTo(State.FETCHED);
        assertThat(file()).hasBinaryContent(CONTENT);
        assertThat(fetch(source, limits()).state()).isEqualTo(State.UNCHANGED);
        Files.write(own, OTHER);
        assertThat(fetch(source, limits()).state()).isEqualTo(State.FETCHED);
        assertThat(file()).hasBinaryContent(OTHER);
        Files.writeString(own, "");
        assertThat(fetch(source, limits()).error()).contains("empty file");
        Files.delete(own);
        assertThat(fetch(source, limits()).error()).isEqualTo(own + " does not exist.");
        assertThat(file()).hasBinaryContent(OTHER);
    }

    @Test
    void another_address_for_the_same_name_is_another_file() throws Exception {
        fetch(request -> WebSite.file(request, CONTENT, "\"1\""));
        site.rule(request -> WebSite.file(request, OTHER, "\"1\""));
        assertThat(fetch("2015.csv=" + site.url("/elsewhere.csv"), limits()).state())
                .isEqualTo(State.FETCHED);
        assertThat(file()).hasBinaryContent(OTHER);
    }

    @Test
    void the_pipeline_of_a_setting_may_have_a_hyphen_in_its_name() throws Exception {
        Path high = Files.createDirectories(folder.resolve("routes/tides-high"));
        Files.writeString(high.resolve("pipeline.yaml"), "title: High\ndescription: Readings\ntask: sum\n");
        Files.writeString(high.resolve("high.properties"), "tides.high.sources=a.csv=routes/tides/tides.properties\n");
        fetching("", limits()).fetch("tides.high.sources", "tides.raw");
        assertThat(ask("SELECT pipeline || ' ' || setting FROM brigade.fetched"))
                .isEqualTo("tides-high tides.high.sources");
    }

    @Test
    void a_setting_that_does_not_exist_is_named() {
        assertThatThrownBy(() -> fetching("", limits()).fetch("tides.sorces", "tides.raw"))
                .isInstanceOf(Problem.class)
                .hasMessage(
                        "There is no setting tides.sorces that says what is fetched, or where to; did you mean tides.sources?");
    }
}
