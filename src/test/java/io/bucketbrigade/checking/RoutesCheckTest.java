package io.bucketbrigade.checking;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.checking.RoutesCheck.Outcome;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.starting.RoutesInspection;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesCheckTest extends CheckedPipeline {
    @Test
    void our_own_routes_have_no_fault() {
        Outcome outcome = RoutesInspection.ofAll(SettingsLoader.load(TestService.HOME, root, Map.of(), Map.of()));
        assertThat(outcome.faults()).extracting(Fault::sentence).isEmpty();
        assertThat(outcome.pipelines()).isGreaterThanOrEqualTo(3);
        assertThat(outcome.routes()).isGreaterThan(20);
    }

    @Test
    void a_pipeline_that_is_right_has_no_fault() {
        Outcome outcome = check();
        assertThat(outcome.faults()).extracting(Fault::sentence).isEmpty();
        assertThat(outcome.pipelines()).isEqualTo(1);
        assertThat(outcome.routes()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # beans
            ref: tidesSql     | ref: tidesSqll                 | 25 | there is no bean tidesSqll; did you mean tidesSql?
            ref: publication  | ref: publicatio                | 41 | there is no bean publicatio; did you mean publication?
            "#s3"             | "#s33"                         | 31 | there is no bean s33; did you mean s3?
            "#reading"        | "#bean:readin"                 | 48 | there is no bean readin; did you mean reading?
            dataSource=#data  | dataSource=#dota               | 58 | there is no bean dotabase; did you mean database?
            ${ref:tidesSql}   | ${ref:tidesSqk}                | 45 | there is no bean tidesSqk; did you mean tidesSql?
            "{{tides.folder}}" | "#bean:location"              | 7  | there is no bean location; did you mean locations?
            name: tidesFormat | name: tidesSql                 | 8  | there is another bean called tidesSql: FILE, line 4.
            name: tidesFormat | name: ledger                   | 8  | the program itself has a bean called ledger; choose another name.
            web.WantedFormat  | web.WantedFormt                | 9  | the class io.bucketbrigade.web.WantedFormt is not in the program; did you mean io.bucketbrigade.web.WantedFormat?
            "0": "{{tides.folder}}" | {"0": a, "1": b, "2": c} | 7  | MessageFormat is given 3 arguments; it takes 1 or 2.
            method: setFormat( | method: setFormatt(           | 26 | MessageFormat has no method setFormatt; did you mean setFormat?
            , ${variable.format}) | , ${variable.format}, 3, 4) | 26 | MessageFormat.setFormat is called with 4 arguments; it takes 2.
            commit(${variable.work}) | commit(${variable.work}, 2) | 42 | Publication.commit is called with 2 arguments; it takes 1.
            # keys and nodes
            - setBody:        | - setBoddy:                    | 19 | there is no step setBoddy; did you mean setBody?
            routeConfigurationId | routeConfigurationID        | 14 | route has no key routeConfigurationID; did you mean routeConfigurationId?
            - beans:          | - beens:                       | 1  | there is no key beens at the top of a file; did you mean beans?
            stopOnException: true | stopOnException: often     | 49 | stopOnException is 'often'; it must be true or false.
            uri: claim:tides  | url: claim:tides               | 17 | from has no key url; did you mean uri?
            # references
            Id: inner-steps   | Id: inner-step                 | 14 | there is no route configuration inner-step; did you mean inner-steps?
            - to: direct:tides-store | - to: direct:tides-stor | 27 | no route begins with direct:tides-stor; did you mean direct:tides-store?
            sums,direct:tides-store | sums,direct:tides-stor | 53 | no route begins with direct:tides-stor; did you mean direct:tides-store?
            `uri: direct:tides-store` | uri: direct:tide-store | 55 | no route begins with direct:tide-store; did you mean direct:tides-store?
            constant: direct:tides-store | constant: direct:tides-storm | 57 | no route begins with direct:tides-storm; did you mean direct:tides-store?
            to: claim:tides   | to: claim:tidess               | 51 | there is no pipeline tidess; did you mean tides?
            to: claim:tides   | to: claim:tides?delay=5        | 51 | claim: has no options; remove delay.
            id: tides         | id: tides-store                | 11 | there is another route called tides-store: STORE, line 2.
            # files
            /totals.sql       | /totls.sql                     | 59 | there is no file ROOT/tides/totls.sql; did you mean totals.sql?
            sql:SELECT 1      | sql:file:none.sql              | 58 | there is no file none.sql.
            "{{tides.folder}}" | "{{tides.folder}}/none.sql"   | 7  | there is no file ROOT/tides/none.sql.
            simple: ${ref:tidesSql} | constant: resource:file:{{tides.folder}}/a.txt | 45 | there is no file ROOT/tides/a.txt.
            # settings
            "{{tides.text}}"  | "{{tides.txt}}"                | 37 | {{tides.txt}} is not a setting; did you mean tides.text?
            # endpoints and kamelets
            operation: listObjects | operation: listObject     | 33 | operation is 'listObject'; it must be one of
            fileName: none    | filName: none                  | 32 | aws2-s3: has no option filName; did you mean fileName?
            ${variable.bucket} | ${variable.bucket}?foo=1      | 29 | aws2-s3: has no option foo.
            uri: aws2-s3:     | uri: aws2-s4:                  | 29 | there is no component aws2-s4; did you mean aws2-s3?
            kamelet:tides-echo | kamelet:tides-eco             | 35 | there is no kamelet tides-eco; did you mean tides-echo?
            text: "{{         | txt: "{{                       | 35 | the kamelet tides-echo needs the parameter text.
            # expressions
            simple: ${body} != null | simple: ${body != null   | 22 | '${body != null' is not a valid simple expression: a closing } is missing.
            simple: ${ref:    | simple: ${rof:                 | 45 | '${rof:tidesSql}' is not a valid simple expression: there is no function rof:tidesSql.
            simple: ${ref:tidesSql} | jsonpath: $.a            | 45 | the language jsonpath is not in the program
            """)
    void a_fault_is_told_with_line_and_suggestion(String right, String wrong, int line, String words)
            throws IOException {
        assertThat(ROUTE).contains(right);
        Path file = write(
                "tides/tides.camel.yaml", ROUTE.replaceFirst(Pattern.quote(right), Matcher.quoteReplacement(wrong)));
        String expected = words.replace("FILE", file.toString())
                .replace("STORE", root.resolve("tides/tides-store.camel.yaml").toString())
                .replace("ROOT", root.toString());
        assertThat(check().faults()).extracting(Fault::sentence).anySatisfy(sentence -> assertThat(sentence)
                .startsWith(file + ", line " + line + ": " + expected));
    }

    @Test
    void a_step_with_wrong_indentation_is_told_where_it_belongs() throws IOException {
        Path file = write(
                "tides/tides-store.camel.yaml", STORE.replace("- stop: {}", "- setBody:\n          simple: ${body}"));
        assertOneFault(file, 9, "setBody is empty; indent what belongs to it further than setBody.");
    }

    @Test
    void a_key_that_slid_out_of_its_mapping_is_told_where_it_belongs() throws IOException {
        String uri = "  uri: direct:tides-store\n";
        Path file = write("tides/tides-store.camel.yaml", STORE.replace("    " + uri, "") + "  " + uri);
        assertThat(check().faults())
                .extracting(Fault::sentence)
                .contains(file + ", line 9: route has no key uri; it belongs below from: check its indentation.");
    }

    @Test
    void two_steps_in_one_entry_are_told_apart() throws IOException {
        Path file =
                write("tides/tides-store.camel.yaml", STORE.replace("- stop: {}", "- stop: {}\n          log: done"));
        assertOneFault(file, 10, "stop and log are in one entry of the list; put \"- \" before log.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            group: tides                | group: tides: low            | 3 | this is not YAML: the colon at column 17 can't be there; check the indentation, or put the value in quotes.
            description: Stores the sums | description: "Stores        | 10 | this is not YAML at column 1; check indentation, quotes and brackets up to this point.
            group: tides                | TABgroup: tides            | 3 | this is not YAML: a tab is used at column 5; use spaces.
            group: tides                | group: [tides              | 4 | this is not YAML at column 16; check indentation, quotes and brackets up to this point.
            - route:                    | route:                       | 1 | the file must be a list; put "- " before route, beans and the like.
            - stop: {}                  | stop: {}                     | 9 | steps must be a list; put "- " before each entry.
            - stop: {}                  |                              | 8 | steps is empty; indent what belongs to it further than steps.
            - stop: {}                  | - setBody: {}                | 9 | setBody is missing an expression, such as simple or constant.
            - stop: {}                  | - stop                       | 9 | stop needs a colon.
            """)
    void what_is_not_yaml_or_of_another_form_is_told_with_its_line(String right, String wrong, int line, String words)
            throws IOException {
        Path file = write(
                "tides/tides-store.camel.yaml", STORE.replace(right, wrong == null ? "" : wrong.replace("TAB", "\t")));
        assertOneFault(file, line, words);
    }

    @Test
    void a_bean_that_is_made_of_one_in_a_later_file_is_told() throws IOException {
        Path file = write("tides/tides-a.camel.yaml", """
                - beans:
                    - name: tidesLines
                      type: java.util.ArrayList
                      constructors:
                        "0": "#bean:tidesTables"
                """);
        assertOneFault(
                file,
                5,
                "the bean tidesTables is defined later (" + root.resolve("tides/tides.camel.yaml")
                        + ", line 2); define it in this file.");
    }

    @Test
    void two_routes_that_begin_alike_are_a_fault() throws IOException {
        Path other = write("tides/tides-other.camel.yaml", STORE.replace("id: tides-store", "id: tides-other"));
        assertOneFault(
                root.resolve("tides/tides-store.camel.yaml"),
                7,
                "another route begins with direct:tides-store too: " + other + ", line 7.");
    }

    @Test
    void a_kamelet_is_checked_too() throws IOException {
        Path file = write("kamelets/tides-echo.kamelet.yaml", KAMELET.replace("{{text}}", "{{txt}}"));
        assertOneFault(file, 19, "{{txt}} is not a setting or parameter; did you mean text?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"- route: &a {id: r, from: {uri: 'direct:r', steps: *a}}", "DEEP"})
    void what_is_nested_too_deeply_is_told(String text) throws IOException {
        Path file = write("tides/deep.camel.yaml", text.replace("DEEP", "[".repeat(20_000)));
        assertThat(check().errors())
                .extracting(Fault::sentence)
                .contains(
                        file + ": it is nested more than 100 levels deep, or an alias is part of what it stands for.");
    }

    @Test
    void a_route_file_whose_name_has_a_second_dot_is_told() throws IOException {
        Path file = write("tides/more.parts.camel.yaml", "- beans: []");
        assertThat(check().errors())
                .extracting(Fault::sentence)
                .contains(file + ": Camel takes all after the first dot of a name for the kind of file; rename it.");
    }

    @Test
    void files_that_are_too_large_are_told_and_not_read() throws IOException {
        List<String> names = List.of("tides-store.camel.yaml", "pipeline.yaml", "openapi.yaml", "totals.sql");
        for (String name : names) {
            try (RandomAccessFile large =
                    new RandomAccessFile(root.resolve("tides/" + name).toFile(), "rw")) {
                large.setLength(3L << 30);
            }
        }
        assertThat(check().faults())
                .extracting(Fault::sentence)
                .filteredOn(sentence -> sentence.endsWith(": the file is larger than 4 MiB."))
                .hasSameSizeAs(names);
    }

    @Test
    void quality_rules_that_a_step_names_are_read() throws IOException {
        String step = "commit(${variable.work}, {{tides.folder}}/quality.dqdl)";
        write("tides/tides.camel.yaml", ROUTE.replace("commit(${variable.work})", step));
        assertThat(check().errors())
                .extracting(Fault::what)
                .contains("there is no file " + root.resolve("tides/quality.dqdl"));
        Path rules = write("tides/quality.dqdl", "DataSources = { \"Primary\": \"silver\" }\nRules = [ RowCont > 0 ]");
        assertThat(check().errors())
                .extracting(Fault::sentence)
                .contains(rules + ", line 2: there is no rule type RowCont; did you mean RowCount?");
    }

    @Test
    void rules_of_the_house_are_warnings() throws IOException {
        write(
                "tides/tides-store.camel.yaml",
                STORE.replace("group: tides", "group: ebb").replace("    routeConfigurationId: inner-steps\n", ""));
        Outcome outcome = check();
        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.faults())
                .extracting(Fault::what)
                .containsExactly(
                        "the route should have a routeConfigurationId, which says how errors are handled",
                        "the route's group should be its folder, tides");
    }
}
