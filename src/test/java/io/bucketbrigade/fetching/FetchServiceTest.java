package io.bucketbrigade.fetching;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.cli.CommandResult;
import io.bucketbrigade.fetching.WebSite.Answer;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline whose files are fetched into a bucket when somebody calls run. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FetchServiceTest {
    private static final byte[] READINGS = "station,level\nn,7\n".getBytes(StandardCharsets.UTF_8);

    private final TestBuckets buckets = TestBuckets.s3Proxy();
    private final String raw = buckets.newBucket();
    private WebSite site;
    private TestService service;
    private Map<String, String> environment;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        site = new WebSite();
        Path tides = Files.createDirectories(folder.resolve("routes/tides"));
        Files.writeString(tides.resolve("pipeline.yaml"), """
                title: Tides
                description: Keeps readings
                task: keep
                fetch: tides-fetch
                """);
        Files.writeString(tides.resolve("tides.properties"), """
                tides.sources=
                kind.tides.sources=io.bucketbrigade.fetching.FetchSources
                tides.raw={{brigade.data}}/raw
                kind.tides.raw=place to write
                """);
        Files.writeString(tides.resolve("tides-fetch.camel.yaml"), """
                - route:
                    id: tides-fetch
                    group: tides
                    description: Fetches the readings
                    routeConfigurationId: inner-steps
                    from:
                      uri: direct:tides-fetch
                      steps:
                        - bean:
                            ref: fetching
                            method: fetch('tides.sources', 'tides.raw')
                """);
        environment = new HashMap<>(buckets.environment());
        environment.put("BRIGADE_ROUTES", folder.resolve("routes").toString());
        environment.put("BRIGADE_FETCH_PRIVATE", "true");
        environment.put("TIDES_RAW", "s3://" + raw + "/in");
        environment.put("TIDES_SOURCES", "north.csv=" + site.url("/n") + ",south.csv=" + site.url("/s?token=secret"));
        service = new TestService(folder, environment);
        environment.put("BRIGADE_HTTP_PORT", Integer.toString(service.port()));
    }

    @AfterAll
    void stop() throws Exception {
        service.close();
        site.close();
    }

    private String object(String name) {
        return buckets.get(raw, "in/" + name).asUtf8String();
    }

    @Test
    void the_command_run_fetches_first_and_prints_a_line_for_each_source() throws Exception {
        site.rule(request -> request.target().startsWith("/s")
                ? Answer.of("404 Not Found", new byte[0])
                : WebSite.file(request, READINGS, "\"1\""));
        CommandResult first = CommandResult.of(environment, "run", "tides");
        assertThat(first.out())
                .containsPattern("(?m)^north.csv: fetched 18 bytes at [0-9.]+ KB/s$")
                .contains("south.csv: failed: 127.0.0.1 answered 404 Not Found. Correct the address.\n")
                .endsWith("/#runs\n");
        assertThat(first.err()).isEmpty();
        assertThat(first.status()).isEqualTo(1);
        assertThat(object("north.csv")).isEqualTo(new String(READINGS, StandardCharsets.UTF_8));
        assertThat(service.get("/observe/health").body())
                .contains("south.csv of TIDES_SOURCES: 127.0.0.1 answered 404 Not Found.");
        assertThat(service.get("/observe/metrics").body())
                .contains("brigade_fetches_total{outcome=\"failed\",pipeline=\"tides\"} 1.0")
                .contains("brigade_fetched_bytes_total{pipeline=\"tides\"} 18.0");

        assertThat(CommandResult.of(environment, "run", "tides", "--again").err())
                .contains("give a reason: brigade run tides --again --why");
        assertThat(CommandResult.of(environment, "run", "tidez").err())
                .contains("There is no pipeline 'tidez'. There are: ", "tides");

        site.rule(request -> WebSite.file(request, READINGS, "\"1\""));
        CommandResult second = CommandResult.of(environment, "run", "tides");
        assertThat(second.out()).contains("north.csv: unchanged\n").contains("south.csv: fetched 18 bytes at ");
        assertThat(second.status()).isZero();
        assertThat(object("south.csv")).isEqualTo(new String(READINGS, StandardCharsets.UTF_8));
        assertThat(service.get("/observe/health").body()).doesNotContain("south.csv");

        JsonNode state = new ObjectMapper()
                .readTree(service.get("/pipelines/tides/fetch").body());
        assertThat(state.path("running").asBoolean()).isFalse();
        assertThat(state.path("sources").findValuesAsText("name")).containsExactly("north.csv", "south.csv");
        assertThat(state.path("sources").path(1).path("source").asText()).endsWith("/s?…");
        assertThat(state.path("sources").path(1).path("size").asInt()).isEqualTo(18);
        assertThat(state.toString()).doesNotContain("secret");
    }

    @Test
    void a_pipeline_that_fetches_nothing_says_so() throws Exception {
        assertThat(service.post("/pipelines/stocks/fetch", "").body())
                .contains("stocks fetches nothing: its pipeline.yaml names no route that does so (fetch).");
        assertThat(service.get("/pipelines/stocks/fetch").body())
                .isEqualTo("{\"pipeline\":\"stocks\",\"running\":false,\"error\":null,\"sources\":[]}");
        assertThat(service.get("/pipelines/ebb/fetch").statusCode()).isEqualTo(404);
    }
}
