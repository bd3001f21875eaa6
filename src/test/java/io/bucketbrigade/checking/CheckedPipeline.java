package io.bucketbrigade.checking;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.checking.RoutesCheck.Outcome;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.starting.RoutesInspection;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A folder with a pipeline that has no fault, until a test gives it one. */
abstract class CheckedPipeline {
    static final String ROUTE = """
            - beans:
                - name: tidesTables
                  type: io.bucketbrigade.tables.SnapshotTables
                - name: tidesSql
                  type: java.text.MessageFormat
                  constructors:
                    "0": "{{tides.folder}}"
                - name: tidesFormat
                  type: io.bucketbrigade.web.WantedFormat
            - route:
                id: tides
                group: tides
                description: Sums up the readings of each station
                routeConfigurationId: inner-steps
                precondition: "'{{tides.text}}' != ''"
                from:
                  uri: claim:tides
                  steps:
                    - setBody:
                        simple: ${body}
                    - filter:
                        simple: ${body} != null
                        steps:
                          - bean:
                              ref: tidesSql
                              method: setFormat(1, ${variable.format})
                    - to: direct:tides-store
                    - toD:
                        uri: aws2-s3:${variable.bucket}
                        parameters:
                          amazonS3Client: "#s3"
                          fileName: none
                          operation: listObjects
                    - to:
                        uri: kamelet:tides-echo
                        parameters:
                          text: "{{tides.text}}"
                    - setVariable:
                        name: stored
                        method:
                          ref: publication
                          method: commit(${variable.work})
                    - setHeader:
                        name: sql
                        simple: ${ref:tidesSql}
                    - split:
                        simple: ${body}
                        executorService: "#reading"
                        stopOnException: true
                        steps:
                          - to: claim:tides
                    - recipientList:
                        constant: log:sums,direct:tides-store
                    - wireTap:
                        uri: direct:tides-store
                    - enrich:
                        constant: direct:tides-store
                    - to: sql:SELECT 1?dataSource=#database
                    - to: sql:file:{{tides.folder}}/totals.sql?dataSource=#database
                    - setVariable:
                        name: format
                        constant: "0"
                    - setVariable:
                        name: bucket
                        simple: ${body}
            """;

    static final String STORE = """
            - route:
                id: tides-store
                group: tides
                description: Stores the sums
                routeConfigurationId: inner-steps
                from:
                  uri: direct:tides-store
                  steps:
                    - stop: {}
            """;

    static final String KAMELET = """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: tides-echo
            spec:
              definition:
                title: Echo
                required:
                  - text
                properties:
                  text:
                    title: Text
                    type: string
              template:
                from:
                  uri: kamelet:source
                  steps:
                    - setBody:
                        simple: ${body}{{text}}
            """;

    static final String PIPELINE = """
            title: Tides
            description: Sums up readings
            task: sum
            plan: tides-store
            inputs:
              location: tides.raw
              files:
                - name: readings.csv
                  columns: [station, level]
            """;

    static final String PROPERTIES = """
            tides.raw=data/tides
            kind.tides.raw=place
            tides.text=high water
            kind.tides.text=text
            """;

    @TempDir
    Path root = Path.of("");

    @BeforeEach
    void aPipelineThatIsRight() throws IOException {
        Files.createDirectories(root.resolve("kamelets"));
        Files.createDirectories(root.resolve("tides"));
        write("tides/tides.camel.yaml", ROUTE);
        write("tides/tides-store.camel.yaml", STORE);
        write("tides/totals.sql", "SELECT 1");
        write("tides/tides.properties", PROPERTIES);
        write("tides/pipeline.yaml", PIPELINE);
        write("kamelets/tides-echo.kamelet.yaml", KAMELET);
    }

    final Path write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.resolveSibling("."));
        return Files.writeString(path, text);
    }

    final Outcome check() {
        return RoutesInspection.ofFurtherRoutes(
                SettingsLoader.load(TestService.HOME, root, Map.of("BRIGADE_ROUTES", root.toString()), Map.of()));
    }

    final void assertOneFault(Path file, int line, String sentence) {
        assertThat(check().faults())
                .extracting(Fault::sentence)
                .containsExactly(file + (line > 0 ? ", line " + line : "") + ": " + sentence);
    }
}
