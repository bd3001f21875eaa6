package io.bucketbrigade.checking;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.checking.RoutesCheck.Outcome;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.starting.RoutesInspection;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.api.configuration.ClassicConfiguration;
import org.flywaydb.core.internal.resource.ResourceNameParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesCheckTest {
    private static final String ROUTE = """
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
            """;

    private static final String STORE = """
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

    private static final String KAMELET = """
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

    private static final String PIPELINE = """
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

    private static final String PROPERTIES = """
            tides.raw=data/tides
            kind.tides.raw=place
            tides.text=high water
            kind.tides.text=text
            """;

    @TempDir
    private Path root = Path.of("");

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

    private Path write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.resolveSibling("."));
        return Files.writeString(path, text);
    }

    private Outcome check() {
        return RoutesInspection.ofFurtherRoutes(
                SettingsLoader.load(TestService.HOME, root, Map.of("BRIGADE_ROUTES", root.toString()), Map.of()));
    }

    private void assertOneFault(Path file, int line, String sentence) {
        assertThat(check().faults())
                .extracting(Fault::sentence)
                .containsExactly(file + (line > 0 ? ", line " + line : "") + ": " + sentence);
    }

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

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            title: Tides        | titel: Tides        | 1 | the key titel is unknown; did you mean title?
            location: tides.raw | location: tides.row | 6 | inputs.location names the setting tides.row, which does not exist; did you mean tides.raw?
            location: tides.raw | location: ebb       | 6 | inputs.location names the setting ebb, which does not exist. Define it in
            title: Tides        | title: Tides: low   | 1 | this is not YAML: the colon at column 13 can't be there; check the indentation, or put the value in quotes.
            task: sum           | title: Ebb          | 3 | the key title is repeated; remove one of them.
            title: Tides        | ---                 | 2 | the key title is missing.
            inputs:             | ---                 | 5 | another document begins here; a file holds only one, so remove the line ---.
            plan: tides-store   | plan: tides-stor    | 4 | there is no route tides-stor; did you mean tides-store?
            """)
    void a_fault_in_pipeline_yaml_is_told(String right, String wrong, int line, String words) throws IOException {
        Path file = write("tides/pipeline.yaml", PIPELINE.replace(right, wrong));
        assertThat(check().faults())
                .extracting(Fault::sentence)
                .singleElement()
                .asString()
                .startsWith(file + ", line " + line + ": " + words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            datum              | it must start with one of the types bigint, integer, numeric, date, boolean, text
            numeric, form 0    | 'form 0' is not known, or not for this type
            text, unique       | 'unique' is not known, or not for this type
            """)
    void a_column_of_a_table_has_a_type_and_rules_that_exist(String type, String words) throws IOException {
        Path file = write(
                "tides/pipeline.yaml",
                PIPELINE.replace(
                        "      columns: [station, level]\n",
                        "      table: readings\n      columns:\n        station: text\n        level: " + type + "\n"));
        assertThat(check().faults())
                .extracting(Fault::sentence)
                .containsExactly(file + ", line 12: The type of the column level, '" + type + "', can't be used: "
                        + words + ".");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            known in reading.csv level | ; did you mean readings.csv level?
            known in places.csv number | .
            """)
    void a_column_is_known_in_one_of_a_file_with_a_table_that_is_not_further_down(String rule, String end)
            throws IOException {
        Path file = write(
                "tides/pipeline.yaml",
                PIPELINE.replace(
                        "columns: [station, level]",
                        "table: readings\n      columns:\n        level: bigint, "
                                + rule + " or readings.csv level\n    - name: places.csv\n      table: places\n"
                                + "      columns: {number: bigint}"));
        assertOneFault(
                file,
                11,
                "'" + rule + "' must name a file that has a table, in this place or further up, and a column of it"
                        + end);
    }

    @Test
    void all_faults_of_a_pipeline_yaml_are_told_at_once() throws IOException {
        Path file = write(
                "tides/pipeline.yaml",
                PIPELINE.replace("title: Tides", "titel: Tides\nresult: tides.rwa")
                        .replace("task: sum\n", "")
                        .replace("location:", "place:")
                        .replace("columns: [station, level]", "colums: [station]\nstart: {evry: 5}"));
        String define = " names the setting tides.rwa, which does not exist; did you mean tides.raw?";
        assertThat(check().faults())
                .extracting(Fault::sentence)
                .containsExactly(
                        file + ", line 1: the key task is missing.",
                        file + ", line 1: the key titel is unknown; did you mean title?",
                        file + ", line 2: result" + define,
                        file + ", line 5: the key inputs.location is missing.",
                        file
                                + ", line 6: the key inputs.place is unknown. Known keys are files, location, maxRejected.",
                        file + ", line 9: the key inputs.files[0].colums is unknown; did you mean columns?",
                        file + ", line 10: the key start.evry is unknown; did you mean every?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            kind.tides.raw=place  | kind.tides.raw=plaice | 2 | kind.tides.raw is 'plaice', which is not a kind of setting; did you mean place?
            kind.tides.text=text  | kind.tides.text=duratoin | 4 | kind.tides.text is 'duratoin', which is not a kind of setting; did you mean duration?
            kind.tides.text=text  | kind.tides.text=duration | 3 | TIDES_TEXT is 'high water'; it must be a time such as
            kind.tides.text=text  | kind.tides.txt=text | 4 | kind.tides.txt is the kind of tides.txt, but there is no such setting; did you mean tides.text?
            kind.tides.text=text  | | 3 | warning: TIDES_TEXT has no kind, so its value is not checked. Add a line such as kind.tides.text=text.
            tides.text=high       | tides.text={{tides.txt}} | 3 | TIDES_TEXT refers to {{tides.txt}}, which is not a setting.
            """)
    void a_fault_of_a_setting_is_told(String right, String wrong, int line, String words) throws IOException {
        Path file = write("tides/tides.properties", PROPERTIES.replace(right, wrong == null ? "" : wrong));
        assertThat(check().faults()).extracting(Fault::sentence).anySatisfy(sentence -> assertThat(sentence)
                .startsWith(file + ", line " + line + ": " + words));
    }

    @Test
    void a_setting_that_two_pipelines_define_is_told() throws IOException {
        Path other = write("ebb/ebb.properties", "tides.text=low\n");
        assertThat(check().faults())
                .extracting(Fault::sentence)
                .containsOnlyOnce(root.resolve("tides/tides.properties") + ", line 3: TIDES_TEXT is defined in " + other
                        + ", line 1, too. Rename one of them.");
    }

    @Test
    void a_setting_that_the_environment_puts_right_is_no_fault() throws IOException {
        write("tides/tides.properties", PROPERTIES.replace("tides.text=text", "tides.text=duration"));
        Map<String, String> environment = Map.of("BRIGADE_ROUTES", root.toString(), "TIDES_TEXT", "5s");
        Settings settings = SettingsLoader.load(TestService.HOME, root, environment, Map.of());
        assertThat(RoutesInspection.ofFurtherRoutes(settings).faults()).isEmpty();
    }

    @Test
    void two_migrations_of_one_version_are_told() throws IOException {
        Path first = write("ebb/migrations/V20990101_1__ebb.sql", "SELECT 1");
        Path second = write("tides/migrations/V20990101.1__tides.sql", "SELECT 1");
        assertThat(check().faults())
                .extracting(Fault::sentence)
                .containsOnlyOnce(second + ": the migration " + first + " has the same version; choose a later one.");
    }

    @Test
    void a_migration_that_flyway_would_pass_over_is_told() throws IOException {
        Map<String, String> meant = Map.of(
                "V1_tides.sql", "; did you mean V1__tides.sql?",
                "v2__tides.sql", "; did you mean V2__tides.sql?",
                "V3-tides.sql", "; did you mean V3__tides.sql?",
                "V4.__tides.sql", "; did you mean V4__tides.sql?",
                "R_tides.sql", "; did you mean R__tides.sql?",
                "7_1__tides.sql", "; did you mean V7_1__tides.sql?",
                "R1__tides.sql", ".",
                "V__tides.sql", ".",
                "tides.sql", ".",
                "notes.md", ".");
        List<String> right = List.of("V5__tides.sql", "V1.2_3__tides.sql", "V6.sql", "B1__tides.sql", "R__tides.sql");
        Path folder = Files.createDirectories(root.resolve("tides/migrations"));
        ResourceNameParser flyway = new ResourceNameParser(new ClassicConfiguration());
        for (String name : right) {
            Files.writeString(folder.resolve(name), "SELECT 1");
            assertThat(flyway.parse(name).isValid()).as(name).isTrue();
        }
        List<String> expected = new ArrayList<>();
        for (Map.Entry<String, String> wrong : meant.entrySet()) {
            String name = wrong.getKey();
            Files.writeString(folder.resolve(name), "SELECT 1");
            assertThat(flyway.parse(name).isValid()).as(name).isFalse();
            expected.add(folder.resolve(name) + ": " + (name.endsWith(".md") ? "warning: " : "")
                    + "it is not applied; a migration has a name such as V20261126_1__readings.sql or"
                    + " R__readings.sql" + wrong.getValue());
        }
        assertThat(check().faults()).extracting(Fault::sentence).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void a_pipeline_cannot_have_a_name_of_the_program() throws IOException {
        Files.createDirectories(root.resolve("events"));
        Path file = write("events/pipeline.yaml", "title: Events\ndescription: None\ntask: none\n");
        assertOneFault(
                file,
                0,
                "events is the name of a call, a tab, a route or a group of settings of the program itself; rename the"
                        + " folder.");
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
