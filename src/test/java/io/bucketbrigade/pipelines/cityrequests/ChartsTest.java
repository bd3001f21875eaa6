package io.bucketbrigade.pipelines.cityrequests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.lake.LakeQueries;
import io.bucketbrigade.pipelines.cityrequests.MadeCases.Case;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestService;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The charts of the tab, against the same figures counted case by case. One service, whose data the tests change in turn. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChartsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> CHARTS = List.of(
            "totals", "months", "on-time", "durations", "neighborhoods", "map", "reasons", "hours", "types", "sources");
    private static final List<String> HOURS = List.of("median_hours", "hours_of_90_percent");
    private static final Executor EACH_IN_ITS_THREAD = task -> new Thread(task, "asking").start();
    private static final List<Case> CASES = MadeCases.of(600, 1);

    private TestService service;
    private Path folder;

    @BeforeAll
    void start(@TempDir Path made) throws Exception {
        folder = made;
        service = new TestService(made, Map.of("CITY_REQUESTS_QUIET", "300ms", "BRIGADE_LAKE_QUERIES_TIME", "2s"));
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private void put(List<Case> cases) throws Exception {
        Path raw = Files.createDirectories(folder.resolve("city-requests/raw"));
        Path whole = Files.writeString(folder.resolve("cases.csv"), MadeCases.csv(cases));
        Files.move(whole, raw.resolve("cases.csv"), StandardCopyOption.ATOMIC_MOVE);
    }

    private JsonNode ask(String path) throws Exception {
        HttpResponse<String> answer = service.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private String problem(String path, int status) throws Exception {
        HttpResponse<String> answer = service.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body()).path("detail").asText();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String key(String chart, JsonNode row) {
        return switch (chart) {
            case "totals" -> "";
            case "months", "on-time" -> row.path("month").asText();
            case "durations" -> row.path("duration").asText();
            case "neighborhoods" -> row.path("neighborhood").asText();
            case "map" -> row.path("place").asText();
            case "reasons" -> row.path("reason").asText();
            case "hours" ->
                row.path("weekday").asText() + "|" + row.path("hour").asText();
            case "types" ->
                row.path("department").asText() + "|" + row.path("type").asText();
            default -> row.path("source").asText();
        };
    }

    private static void assertSame(String chart, JsonNode rows, Map<String, Map<String, @Nullable Object>> expected) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        Map<String, Long> cells = new HashMap<>();
        for (JsonNode row : rows) {
            String key = key(chart, row);
            cells.merge(key, row.path("cases").asLong(), Long::sum);
            assertThat(found.put(key, row) == null || key.equals("cell"))
                    .as(key)
                    .isTrue();
        }
        assertThat(found.keySet()).as(chart).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((key, values) -> values.forEach((name, value) -> {
            JsonNode there = Objects.requireNonNull(found.get(key)).path(name);
            String where = chart + " " + key + " " + name;
            if (chart.equals("map")) {
                assertThat(cells.get(key)).as(where).isEqualTo(value);
            } else if (value == null) {
                assertThat(there.isNull()).as(where).isTrue();
            } else if (HOURS.contains(name)) {
                double hours = (Double) value;
                assertThat(there.asDouble()).as(where).isCloseTo(hours, within(0.02 + hours * 0.0051));
            } else if (value instanceof Double number) {
                assertThat(there.asDouble()).as(where).isCloseTo(number, within(1e-9));
            } else {
                assertThat(there.asLong()).as(where).isEqualTo(value);
            }
        }));
    }

    private void assertCharts(String query, Predicate<Case> chosen) throws Exception {
        PlainCharts plain = new PlainCharts(CASES.stream().filter(chosen).toList());
        JsonNode all = ask("/city-requests/charts" + query).path("charts");
        for (String chart : CHARTS) {
            assertSame(chart, all.path(chart), plain.chart(chart));
        }
        assertThat(ask("/city-requests/charts/neighborhoods" + query)).isEqualTo(all.path("neighborhoods"));
    }

    @Test
    @Order(1)
    void before_a_run_has_published_anything_the_answers_are_empty() throws Exception {
        assertThat(service.get("/city-requests/charts/totals").body()).isEqualTo("[]");
        assertThat(service.get("/city-requests/charts/months?format=csv").body())
                .isEmpty();
        assertThat(service.get("/city-requests/filters").body()).isEqualTo("[]");
        JsonNode all = ask("/city-requests/charts?year=2018");
        assertThat(all.path("run").isNull()).isTrue();
        assertThat(all.path("charts").path("totals").size()).isZero();
    }

    @Test
    @Order(2)
    void charts_show_what_counting_case_by_case_finds_for_any_filters() throws Exception {
        put(CASES);
        service.awaitRun("city-requests", 1, "succeeded");
        assertCharts("", one -> true);
        assertCharts("?year=2018", one -> one.opened().getYear() == 2018);
        assertCharts(
                "?year=2017,2019&month=1,02,12",
                one -> one.opened().getYear() != 2018
                        && List.of(1, 2, 12).contains(one.opened().getMonthValue()));
        assertCharts(
                "?neighborhood=" + encoded("Allston / Brighton") + "&neighborhood=" + encoded("O'Neill \"Square\""),
                one -> one.neighborhood().startsWith("Allston")
                        || one.neighborhood().startsWith("O'Neill"));
        assertCharts(
                "?neighborhood=&source=Twitter",
                one -> one.neighborhood().isEmpty() && one.source().equals("Twitter"));
        assertCharts("?type=" + encoded("Utilities - Electrical, Plumbing"), one -> one.type()
                .startsWith("Utilities"));
        assertCharts(
                "?status=Open&department=PWDx",
                one -> !one.isClosed() && one.department().equals("PWDx"));
        assertCharts("?year=1999", one -> false);
    }

    @Test
    @Order(3)
    void filters_are_never_read_as_sql() throws Exception {
        for (String text : List.of(
                "x'); DROP TABLE cases; --", "') OR ('1'='1", "$1", "?", "Back Bay\\'", "[\"Roxbury\"]", "🙂%_")) {
            for (String filter : List.of("department", "neighborhood", "type", "source", "status")) {
                JsonNode totals = ask("/city-requests/charts/totals?" + filter + "=" + encoded(text));
                assertThat(totals.get(0).path("cases").asLong())
                        .as(filter + "=" + text)
                        .isZero();
            }
            assertThat(problem("/city-requests/charts/totals?year=" + encoded(text), 400))
                    .contains("must be written like 2018,2019");
        }
        assertThat(ask("/city-requests/charts/totals").get(0).path("cases").asInt())
                .isEqualTo(CASES.size());
    }

    @Test
    @Order(4)
    void what_cant_be_asked_is_refused_in_words() throws Exception {
        assertThat(problem("/city-requests/charts/totals?years=2018", 400)).contains("did you mean year?");
        assertThat(problem("/city-requests/charts/totals?month=13", 400)).contains("must be written like 1,2");
        assertThat(problem("/city-requests/charts/total", 404)).contains("must be one of totals, months");
        assertThat(problem("/city-requests/charts/totals?format=csv&format=json", 400))
                .contains("may be given once only");
    }

    @Test
    @Order(5)
    void rows_come_as_csv_too_and_each_chart_shows_its_sql() throws Exception {
        HttpResponse<String> csv = service.get("/city-requests/charts/sources?status=Open", "Accept", "text/csv");
        assertThat(csv.headers().firstValue("content-type")).contains("text/csv; charset=utf-8");
        assertThat(csv.body()).startsWith("source,cases,closed,on_time_share\n").contains("\nTwitter,");
        for (String chart : CHARTS) {
            String sql = service.get("/city-requests/charts/" + chart + "/sql").body();
            assertThat(sql).startsWith("--").contains("Grain:", "SELECT");
        }
    }

    @Test
    @Order(6)
    void the_values_of_filters_are_all_there_are() throws Exception {
        Map<String, Long> counted = new HashMap<>();
        for (JsonNode row : ask("/city-requests/filters")) {
            counted.put(
                    row.path("filter").asText() + "=" + row.path("value").asText(),
                    row.path("cases").asLong());
        }
        Map<String, Long> expected = new HashMap<>();
        for (Case one : CASES) {
            for (String key : List.of(
                    "year=" + one.opened().getYear(),
                    "month=" + one.opened().getMonthValue(),
                    "department=" + one.department(),
                    "neighborhood=" + one.neighborhood(),
                    "type=" + one.type(),
                    "source=" + one.source(),
                    "status=" + (one.isClosed() ? "Closed" : "Open"))) {
                expected.merge(key, 1L, Long::sum);
            }
        }
        assertThat(counted).isEqualTo(expected);
    }

    @Test
    @Order(7)
    void while_a_run_publishes_each_answer_is_about_the_old_cases_or_the_new_ones() throws Exception {
        AtomicBoolean isDone = new AtomicBoolean();
        Set<String> seen = new ConcurrentSkipListSet<>();
        CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> {
            try {
                while (!isDone.get()) {
                    JsonNode all = ask("/city-requests/charts");
                    long hoods = 0;
                    for (JsonNode row : all.path("charts").path("neighborhoods")) {
                        hoods += row.path("cases").asLong();
                    }
                    seen.add(all.path("run").asText() + " "
                            + all.path("charts")
                                    .path("totals")
                                    .get(0)
                                    .path("cases")
                                    .asText() + " " + hoods);
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        put(CASES.subList(0, 200));
        long run = service.awaitRun("city-requests", 2, "succeeded").path("id").asLong();
        assertThat(ask("/city-requests/charts/totals").get(0).path("cases").asLong())
                .isEqualTo(200);
        isDone.set(true);
        asking.get();
        assertThat(List.of("1 600 600", run + " 200 200")).containsAll(seen);
    }

    private String file(String name, String sql) throws Exception {
        return Files.writeString(folder.resolve(name), sql).toString();
    }

    @Test
    @Order(8)
    void a_question_reads_nothing_but_the_lake_and_is_broken_off_when_it_takes_too_long() throws Exception {
        LakeQueries queries = queries();
        String none = file("none.sql", "");
        String lines = file("lines.sql", "SELECT count(*) AS lines FROM bronze");
        assertThat(queries.ask("city-requests", none, none, lines, "", Map.of()).csv())
                .isEqualTo("lines\n200\n");
        String foreign = file("foreign.sql", "SELECT * FROM read_csv('/etc/passwd')");
        assertThatThrownBy(() -> queries.ask("city-requests", none, none, foreign, "", Map.of()))
                .isInstanceOfSatisfying(
                        Problem.class, wrong -> assertThat(wrong.kind()).isEqualTo(Problem.Kind.PIPELINE))
                .hasMessageContaining("foreign.sql");
        String endless = file("endless.sql", "SELECT count(*) FROM range(100000000000), range(1000)");
        assertThatThrownBy(() -> queries.ask("city-requests", none, none, endless, "", Map.of()))
                .hasMessageContaining("The answer took longer than 2 s (BRIGADE_LAKE_QUERIES_TIME)");
    }

    @Test
    @Order(9)
    void tables_are_loaded_once_though_somebody_else_keeps_one_elsewhere_under_the_same_namespace() throws Exception {
        String none = file("none.sql", "");
        String once = file("once.sql", "CREATE TABLE drawn AS SELECT random() AS number;\n");
        String drawn = file("drawn.sql", "SELECT number FROM drawn");
        service.execute("INSERT INTO lake.iceberg_tables VALUES ('brigade', 'city_requests', 'foreign',"
                + " 'file:///elsewhere/v1.metadata.json', NULL, 'TABLE')");
        assertThat(queries()
                        .ask("city-requests", once, none, drawn, "", Map.of())
                        .csv())
                .isEqualTo(queries()
                        .ask("city-requests", once, none, drawn, "", Map.of())
                        .csv());
    }

    @Test
    @Order(10)
    void several_questions_have_no_more_time_than_one() throws Exception {
        String none = file("none.sql", "");
        String slow = file("slow.sql", "SELECT count(*) FROM range(10000000) WHERE range % 7 = 3");
        String keys = IntStream.range(0, 2000).mapToObj(Integer::toString).collect(Collectors.joining(" "));
        assertThatThrownBy(() -> queries().askAll("city-requests", none, none, slow, keys, "", Map.of()))
                .hasMessageContaining("The answer took longer than 2 s (BRIGADE_LAKE_QUERIES_TIME)");
    }

    private LakeQueries queries() {
        return Objects.requireNonNull(
                service.context().getRegistry().lookupByNameAndType("lakeQueries", LakeQueries.class));
    }

    @Test
    @Order(11)
    void who_waits_for_tables_to_be_loaded_takes_nobodys_turn_and_all_is_broken_off_when_the_service_stops()
            throws Exception {
        LakeQueries queries = queries();
        String endless =
                file("preparation.sql", "CREATE TABLE x AS SELECT count(*) FROM range(100000000000), range(1000)");
        List<CompletableFuture<String>> asking = Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return queries.ask("city-requests", endless, endless, endless, "", Map.of())
                                        .csv();
                            } catch (Exception e) {
                                return String.valueOf(e.getMessage());
                            }
                        },
                        EACH_IN_ITS_THREAD))
                .limit(6)
                .toList();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> asking.stream().filter(CompletableFuture::isDone).count() == 5);
        queries.breakOff();
        assertThat(asking)
                .extracting(CompletableFuture::get)
                .satisfiesOnlyOnce(answer -> assertThat(answer).startsWith("The service is stopping."))
                .filteredOn(answer -> !answer.startsWith("The service is stopping."))
                .hasSize(5)
                .allSatisfy(
                        answer -> assertThat(answer)
                                .isEqualTo(
                                        "The tables of city-requests are still being loaded for questions about them. Ask again in a minute."));
        assertThat(problem("/city-requests/charts/totals", 503)).startsWith("The service is stopping.");
    }
}
