package io.bucketbrigade.checking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Warnings of variables and headers that nothing sets. */
class UnsetNameCheckTest extends CheckedPipeline {
    private static final String CALL = """
            - route:
                id: tides-web
                group: tides
                description: GET /tides/{station} - the levels of a station
                routeConfigurationId: web-failures
                from:
                  uri: direct:getTides
                  steps:
                    - to: sql:file:{{tides.folder}}/web.sql?dataSource=#database
            """;
    private static final String CONTRACT = """
            paths:
              /tides/{station}:
                get:
                  operationId: getTides
                  x-access: read
                  parameters:
                    - {name: station, in: path, required: true, schema: {type: string}}
                    - {name: from, in: query, schema: {type: string}}
              /tides:
                get:
                  operationId: getAllTides
                  x-access: read
                  parameters:
                    - {name: level, in: query, schema: {type: string}}
            """;

    @BeforeEach
    void a_call() throws IOException {
        write("tides/openapi.yaml", CONTRACT);
        write("tides/tides-web.camel.yaml", CALL);
        write(
                "tides/tides-web-all.camel.yaml",
                CALL.replace("tides-web", "tides-web-all")
                        .replace("getTides", "getAllTides")
                        .replace("web.sql", "web-all.sql"));
        write("tides/web.sql", "SELECT :#${header.station}, :#${header.from}");
        write("tides/web-all.sql", "SELECT :#${header.level}");
    }

    private void set(String step) throws IOException {
        write("tides/tides-store.camel.yaml", STORE.replace("- stop: {}", step));
    }

    @Test
    void what_is_set_is_right() throws IOException {
        write("tides/totals.sql", "SELECT :#${variable.format}, :#in:${variable.work.id}, :#${variable.plan.route}");
        assertThat(check().faults()).extracting(Fault::sentence).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":#${variable.fromat}",
                ":#${variable.fromat.name}",
                ":#${variable:fromat}",
                ":#in:${variableAs(fromat, String)}",
                ":#${variables.fromat}",
                ":#${variable[fromat]}"
            })
    void a_variable_that_no_step_sets_is_told_in_sql(String use) throws IOException {
        Path file = write("tides/totals.sql", "-- :#${variable.formta} is a comment\nSELECT 1,\n  " + use);
        assertOneFault(file, 3, "warning: no step was found that sets the variable fromat; did you mean format?");
    }

    @Test
    void a_variable_that_no_step_sets_is_told_in_routes() throws IOException {
        set("- log: ${variable.wrk.id}\n        - setBody:\n            variable: bukket");
        Path file = root.resolve("tides/tides-store.camel.yaml");
        assertThat(check().faults())
                .extracting(Fault::sentence)
                .containsExactly(
                        file + ", line 9: warning: no step was found that sets the variable wrk; did you mean work?",
                        file
                                + ", line 11: warning: no step was found that sets the variable bukket; did you mean bucket?");
    }

    @Test
    void a_variable_unlike_any_other_is_told_without_a_suggestion() throws IOException {
        Path file = write("tides/totals.sql", "SELECT :#${variable.zzzzzz}");
        assertOneFault(file, 1, "warning: no step was found that sets the variable zzzzzz.");
        assertThat(check().errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- setVariable: {name: day, constant: 1}",
                "- setVariables:\n            variables:\n              - {name: day, constant: 1}",
                "- to: {uri: 'direct:tides', variableReceive: day}",
                "- convertVariableTo: {name: stored, toName: day, type: String}",
                "- setVariable: {name: '${body}', constant: 1}",
                "- log: ${setVariable('day', 1)}",
                "- setVariable: {name: day.first, constant: 1}",
                "- to: {uri: 'kamelet:tides-echo', parameters: {text: a, variable: day}}"
            })
    void all_ways_to_set_a_variable_are_known(String step) throws IOException {
        set(step);
        String name = step.contains("day.first") ? "day.first" : "day";
        write("tides/totals.sql", "SELECT :#${variable." + name + "}, :#${variable.global:station}");
        assertThat(check().faults()).extracting(Fault::what).noneMatch(what -> what.contains("variable day"));
    }

    @Test
    void what_a_kamelet_a_configuration_a_template_or_another_pipeline_sets_is_right() throws IOException {
        write("kamelets/tides-echo.kamelet.yaml", KAMELET.replace("- setBody:", sets("a") + "\n        - setBody:"));
        write("tides/tides-errors.camel.yaml", """
                - routeConfiguration:
                    id: tides-errors
                    description: Sees each step
                    intercept:
                      - intercept:
                          steps:
                            - stop: {}
                """.replace("- stop: {}", sets("b")));
        write("tides/tides-template.camel.yaml", """
                - routeTemplate:
                    id: tides-template
                    parameters:
                      - name: name
                    from:
                      uri: direct:{{name}}
                      steps:
                        - stop: {}
                """.replace("- stop: {}", sets("c")));
        write("ebb/ebb-store.camel.yaml", STORE.replace("tides", "ebb").replace("- stop: {}", sets("d")));
        String names = "abcd".replaceAll("(.)", ":#\\${variable.$1_variable}, :#\\${header.$1_header}, ");
        write("tides/web.sql", "SELECT " + names + "1");
        assertThat(check().faults()).extracting(Fault::sentence).isEmpty();
    }

    private static String sets(String name) {
        return "- step: {steps: [{setVariable: {name: " + name + "_variable, constant: 1}}, {setHeader: {name: " + name
                + "_header, constant: 1}}]}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            header.statoin  | statoin | ; did you mean station?
            header.levels   | levels  | .
            header.level    | level   | .
            headers.frm     | frm     | ; did you mean from?
            header[frm]     | frm     | ; did you mean from?
            """)
    void a_header_that_is_no_parameter_of_the_call_is_told(String use, String name, String end) throws IOException {
        Path file = write("tides/web.sql", "SELECT\n:#${" + use + "}");
        assertOneFault(
                file,
                2,
                "warning: the call has no parameter " + name + ", and no step was found that sets a header of that name"
                        + end);
    }

    @Test
    void a_header_is_told_in_the_sql_of_a_route() throws IOException {
        Path file = write(
                "tides/tides-web.camel.yaml",
                CALL.replace("sql:file:{{tides.folder}}/web.sql?", "\"sql:SELECT :#${header.statoin}?")
                        .replace("#database", "#database\""));
        assertOneFault(
                file,
                9,
                "warning: the call has no parameter statoin, and no step was found that sets a header of that name;"
                        + " did you mean station?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "header.STATION",
                "header.Accept",
                "header.If-None-Match",
                "header.traceparent",
                "header.Range",
                "header.CamelHttpMethod",
                "header.total",
                "header.day"
            })
    void headers_that_are_set_or_sent_are_right(String use) throws IOException {
        write(
                "tides/tides-web.camel.yaml",
                CALL
                        + "        - setHeader: {name: day, constant: 1}\n        - to: sql:SELECT 1?dataSource=#database&outputHeader=total\n");
        write("tides/web.sql", "SELECT :#${" + use + "}");
        assertThat(check().faults()).extracting(Fault::sentence).isEmpty();
    }

    @Test
    void sql_of_two_calls_reads_the_parameters_of_both() throws IOException {
        write(
                "tides/tides-web-all.camel.yaml",
                CALL.replace("tides-web", "tides-web-all").replace("getTides", "getAllTides"));
        write("tides/web.sql", "SELECT :#${header.station}, :#${header.level}");
        assertThat(check().faults()).extracting(Fault::sentence).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct:tides-level", "direct://tides-level?timeout=5"})
    void sql_of_routes_that_a_call_leads_to_is_checked(String address) throws IOException {
        write(
                "tides/tides-web.camel.yaml",
                CALL.replace("sql:file:{{tides.folder}}/web.sql?dataSource=#database", address));
        write(
                "tides/tides-level.camel.yaml",
                CALL.replace("tides-web", "tides-level").replace("getTides", "tides-level"));
        Path file = write("tides/web.sql", "SELECT :#${header.statoin}");
        assertOneFault(
                file,
                1,
                "warning: the call has no parameter statoin, and no step was found that sets a header of that name;"
                        + " did you mean station?");
    }
}
