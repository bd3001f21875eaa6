package io.bucketbrigade.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.support.TestService;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class FurtherRoutesTest {
    @Test
    void someone_elses_pipeline_needs_no_build(@TempDir Path folder) throws Exception {
        Path own = Files.createDirectories(folder.resolve("elsewhere/tides"));
        Path routes = Files.createDirectories(folder.resolve("own"));
        Files.createSymbolicLink(routes.resolve("tides"), own);
        Files.writeString(
                own.resolve("tides.properties"), "tides.place=Cuxhaven\ntides.raw={{brigade.data}}/tides/raw\n");
        Files.writeString(own.resolve("pipeline.yaml"), """
                title: Tides
                description: Sums up readings
                order: 9
                task: sum
                inputs:
                  location: tides.raw
                  files: [{pattern: "readings_*_{year}.csv", columns: [station, level]}]
                """);
        Files.writeString(own.resolve("V20990101_1__tides.sql"), "CREATE TABLE tides (place text);");
        Files.writeString(own.resolve("tides-insert.camel.yaml"), """
                - route:
                    id: tides-insert
                    group: tides
                    description: Writes the place down
                    from:
                      uri: direct:tides-insert
                      steps:
                        - to:
                            uri: sql:INSERT INTO tides VALUES ('{{tides.place}}')
                            parameters:
                              dataSource: "#database"
                        - to:
                            uri: sql:SELECT place FROM tides
                            parameters:
                              dataSource: "#database"
                              outputType: SelectOne
                        - to: kamelet:tides-echo
                """);
        Files.writeString(own.resolve("openapi.yaml"), """
                paths:
                  /tides/{place}:
                    get:
                      operationId: getTides
                      summary: Says the place
                      x-access: read
                      parameters: [{name: place, in: path, required: true, schema: {type: string}}]
                      responses: {"503": {$ref: "#/components/responses/Problem"}}
                  /tides:
                    get:
                      operationId: tryTides
                      x-access: read
                      responses: {"503": {$ref: "#/components/responses/Problem"}}
                """);
        Files.writeString(own.resolve("tides-try.camel.yaml"), """
                - route:
                    id: tides-try
                    routeConfigurationId: web-failures
                    from:
                      uri: direct:tryTides
                      steps:
                        - doTry:
                            steps:
                              - throwException:
                                  exceptionType: java.lang.IllegalStateException
                                  message: low water
                            doCatch:
                              - exception: [java.io.IOException]
                                steps:
                                  - stop: {}
                """);
        Files.writeString(own.resolve("tides-web.camel.yaml"), """
                - route:
                    id: tides-web
                    routeConfigurationId: web-failures
                    from:
                      uri: direct:getTides
                      steps:
                        - setBody:
                            simple: '{"place": "${header.place}"}'
                """);
        Path kamelets = Files.createDirectories(folder.resolve("own/kamelets"));
        Files.writeString(kamelets.resolve("tides-echo.kamelet.yaml"), """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata:
                  name: tides-echo
                spec:
                  definition:
                    title: Echo
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - setBody:
                            simple: ${body}!
                """);
        Map<String, String> environment = Map.of("BRIGADE_ROUTES", routes.toString(), "TIDES_PLACE", "Brest");
        try (TestService service = new TestService(folder, environment)) {
            assertThat(service.context().createProducerTemplate().requestBody("direct:tides-insert", ""))
                    .isEqualTo("Brest!");
            assertThat(service.get("/tides/Saint%20Malo").body()).isEqualTo("{\"place\": \"Saint Malo\"}");
            HttpResponse<String> tried = service.get("/tides");
            assertThat(tried.statusCode()).isEqualTo(500);
            assertThat(tried.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(tried.body()).contains("tides-try.camel.yaml, line 9: the step ", "low water");
            assertThat(service.get("/openapi.json").body()).contains("\"getTides\"");
            assertThat(service.get("/raw/tides").body())
                    .contains("\"file\":null,\"pattern\":\"readings_*_{year}.csv\"");
            assertThat(put(service, "/raw/tides/readings_north.csv").body())
                    .contains("readings_north.csv is not an input of tides. Use readings_*_{year}.csv.");
            assertThat(put(service, "/raw/tides/readings_north_2026.csv").statusCode())
                    .isEqualTo(200);
            assertThat(service.get("/raw/tides").body()).contains("\"file\":\"readings_north_2026.csv\"");
            assertThat(service.get("/raw/tides/readings_north_2026.csv").body()).contains("\"fields\":[\"a\",\"5\"]");
            assertThat(service.board()).isEqualTo("{\"leaderboard\": []}");
        }
    }

    private static HttpResponse<String> put(TestService service, String path) throws Exception {
        return service.send(service.request(path).PUT(HttpRequest.BodyPublishers.ofString("station,level\na,5\n")));
    }

    @Test
    void a_call_without_a_route_stops_the_start_and_is_said_with_file_and_line(@TempDir Path folder) throws Exception {
        Path own = Files.createDirectories(folder.resolve("own/tides"));
        Path contract = Files.writeString(
                own.resolve("openapi.yaml"), "paths:\n  /tides:\n    get: {operationId: getTides, x-access: read}\n");
        Files.writeString(own.resolve("tides.camel.yaml"), """
                - route:
                    id: tides
                    from:
                      uri: direct:tides
                      steps:
                        - log: "nobody calls this"
                """);
        assertThatThrownBy(() -> new TestService(
                        folder, Map.of("BRIGADE_ROUTES", folder.resolve("own").toString())))
                .satisfies(
                        thrown -> assertThat(Problems.of(thrown).sentence())
                                .startsWith(
                                        contract
                                                + ", line 3: the operation getTides has no route. Write one that begins at direct:getTides."));
    }
}
