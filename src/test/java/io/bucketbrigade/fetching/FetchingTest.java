package io.bucketbrigade.fetching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.fetching.FetchOutcome.State;
import io.bucketbrigade.fetching.WebSite.Answer;
import io.bucketbrigade.fetching.WebSite.Request;
import io.bucketbrigade.problems.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What is fetched, when, and what goes on after a break. */
class FetchingTest extends FetchTest {
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
    void it_is_time_to_fetch_when_nobody_has_begun_to_for_as_long_as_a_setting_says() throws Exception {
        site.rule(request -> WebSite.file(request, CONTENT, "\"1\""));
        Fetching fetching = fetching("2015.csv=" + site.url("/2015.csv"), limits());
        assertThat(fetching.isDue("tides.sources", "tides.daily")).isTrue();
        fetching.fetch("tides.sources", "tides.raw");
        assertThat(fetching.isDue("tides.sources", "tides.daily")).isFalse();
        execute("UPDATE brigade.fetched SET begun_at = now() - interval '25 hours'");
        assertThat(fetching.isDue("tides.sources", "tides.daily")).isTrue();
        assertThat(fetching.isDue("tides.sources", "tides.often")).isFalse();
        assertThat(fetching("", limits()).isDue("tides.sources", "tides.daily")).isFalse();
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
                        "There is no setting tides.sorces that says what is fetched, where to, or how often; did you mean tides.sources?");
    }
}
