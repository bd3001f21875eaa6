package io.bucketbrigade.starting;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FurtherRoutesTest {
    @Test
    void someone_elses_pipeline_needs_no_build(@TempDir Path folder) throws Exception {
        Path own = Files.createDirectories(folder.resolve("elsewhere/tides"));
        Path routes = Files.createDirectories(folder.resolve("own"));
        Files.createSymbolicLink(routes.resolve("tides"), own);
        Files.writeString(own.resolve("tides.properties"), "tides.place=Cuxhaven\n");
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
            assertThat(service.board()).isEqualTo("{\"leaderboard\": []}");
        }
    }
}
