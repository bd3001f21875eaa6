package io.bucketbrigade.fetching;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.fetching.FetchOutcome.State;
import io.bucketbrigade.fetching.WebSite.Answer;
import io.bucketbrigade.fetching.WebSite.Request;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestLocations;
import io.bucketbrigade.support.TestService;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Fetching into a folder, from a server that does all that servers do. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FetchTest {
    static final byte[] CONTENT = csv("first", 20_000);
    static final byte[] OTHER = csv("other", 30_000);
    static final Duration PATIENCE = Duration.ofSeconds(30);

    Database database;
    WebSite site;
    Degradations degradations;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();

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
        Files.writeString(tides.resolve("pipeline.yaml"), """
                title: Tides
                description: Readings
                task: sum
                inputs:
                  location: tides.raw
                  files: [{pattern: "2*.csv", columns: [id, word]}]
                """);
        Files.writeString(tides.resolve("tides.properties"), """
                tides.sources=
                kind.tides.sources=io.bucketbrigade.fetching.FetchSources
                tides.raw={{brigade.data}}/raw
                kind.tides.raw=place
                tides.often=
                tides.daily=24h
                """);
    }

    @AfterEach
    void close() throws IOException {
        site.close();
    }

    static byte[] csv(String word, int bytes) {
        StringBuilder text = new StringBuilder("id,word\n");
        for (int row = 0; text.length() < bytes; row++) {
            text.append(row).append(',').append(word).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    void execute(String sql) throws Exception {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    String ask(String sql) throws Exception {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    static FetchLimits limits() {
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

    static FetchLimits impatient(Duration stall, int leastRate) {
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

    Fetching fetching(String sources, FetchLimits limits) {
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
                settings,
                () -> Pipelines.read(List.of(folder.resolve("routes"))),
                TestLocations.FOLDERS,
                database.pool(),
                new FetchMetrics(meters, degradations),
                () -> limits);
    }

    FetchOutcome fetch(String sources, FetchLimits limits) throws Exception {
        List<FetchOutcome> outcomes = fetching(sources, limits).fetch("tides.sources", "tides.raw");
        assertThat(outcomes).hasSize(1);
        return outcomes.get(0);
    }

    FetchOutcome fetch(Function<Request, Answer> rule) throws Exception {
        return fetch(rule, limits());
    }

    FetchOutcome fetch(Function<Request, Answer> rule, FetchLimits limits) throws Exception {
        site.rule(rule);
        return fetch("2015.csv=" + site.url("/2015.csv"), limits);
    }

    Path file() {
        return folder.resolve("data/raw/2015.csv");
    }

    void assertGoodFileStays(Function<Request, Answer> rule, FetchLimits limits, String words) throws Exception {
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
}
