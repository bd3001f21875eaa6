package io.bucketbrigade.checking;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.starting.RoutesInspection;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.api.configuration.ClassicConfiguration;
import org.flywaydb.core.internal.resource.ResourceNameParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong in pipeline.yaml, settings, migrations and names of pipelines. */
class PipelineCheckTest extends CheckedPipeline {
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
            plan: tides-store   | fetch: tides-stor   | 4 | there is no route tides-stor; did you mean tides-store?
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
            day: timestamp       | day: timestmp     | 5 | The type of the column day, 'timestmp', can't be used: it must start with one of the types text, integer, bigint, numeric, timestamp, date, boolean.
            day: timestamp       | day: timestamp, as { | 5 | The type of the column day, 'timestamp, as {', can't be used: '{' is not a pattern of a date and time such as M/d/yyyy H:mm.
            key: station         | key: statoin      | 2 | stream.key: the key statoin is not one of the columns.
            backlog: tides.text  | backlog: tides.txt | 6 | stream.backlog names the setting tides.txt, which does not exist
            backlog: tides.text  | backlogs: tides.text | 6 | the key stream.backlogs is unknown; did you mean backlog?
            """)
    void a_fault_in_a_stream_is_told(String right, String wrong, int line, String words) throws IOException {
        String stream = """
                stream:
                  key: station
                  columns:
                    station: text
                    day: timestamp
                  backlog: tides.text
                  retention: tides.text
                  keysKept: tides.text
                  lateAfter: tides.text
                """;
        Path file = write("tides/pipeline.yaml", PIPELINE + stream);
        assertThat(check().faults()).isEmpty();
        write("tides/pipeline.yaml", PIPELINE + stream.replace(right, wrong));
        long first = PIPELINE.lines().count();
        assertThat(check().faults())
                .extracting(Fault::sentence)
                .singleElement()
                .asString()
                .startsWith(file + ", line " + (first + line) + ": " + words);
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            openapi.yml     | openapi.yaml
            Openapi.YAML    | openapi.yaml
            Page.js         | page.js
            Migrations/a.sql | migrations
            web.camel.yml   | web.camel.yaml
            web.CAMEL.yaml  | web.camel.yaml
            """)
    void a_file_that_is_not_read_is_told_with_the_name_that_was_meant(String name, String meant) throws IOException {
        write("tides/" + name, "- route: {}");
        Path file = root.resolve("tides").resolve(name.replaceFirst("/.*", ""));
        assertOneFault(file, 0, "it is not read; did you mean " + meant + "?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            opanapi.yaml    | openapi.yaml
            page.mjs        | page.js
            pages.css       | page.css
            migration/a.sql | migrations
            sample/a.csv    | samples
            x.yaml          | x.camel.yaml
            web.yml         | web.camel.yaml
            """)
    void a_file_that_may_be_meant_for_another_is_a_warning(String name, String meant) throws IOException {
        write("tides/" + name, "- from: {}");
        Path file = root.resolve("tides").resolve(name.replaceFirst("/.*", ""));
        assertOneFault(file, 0, "warning: it is not read; did you mean " + meant + "?");
    }

    @Test
    void a_pipeline_whose_pipeline_yaml_has_another_name_is_told() throws IOException {
        for (String name : List.of("pipeline.yml", "pipelines.yaml", "Pipeline.yaml")) {
            Path file = write("ebb/" + name, PIPELINE);
            String warning = name.equals("pipelines.yaml") ? "warning: " : "";
            assertOneFault(file, 0, warning + "it is not read; did you mean pipeline.yaml?");
            Files.delete(file);
        }
        Path routes = write("common.camel.yml", "");
        assertOneFault(routes, 0, "it is not read; did you mean common.camel.yaml?");
    }

    @Test
    void files_that_routes_name_and_other_files_are_not_told() throws IOException {
        write(
                "tides/tides.camel.yaml",
                ROUTE.replace("simple: ${ref:tidesSql}", "constant: resource:file:{{tides.folder}}/x.yaml"));
        for (String name : List.of(
                "x.yaml",
                "README.md",
                "page.md",
                "notes.txt",
                "lib/x.yml",
                ".hidden.yaml",
                "base.css",
                "examples/a.csv")) {
            write("tides/" + name, "");
        }
        for (String text : List.of("- a: 1", "a: {route: 1}", "- route: [")) {
            write("tides/notes.yaml", text);
            assertThat(check().faults()).extracting(Fault::sentence).isEmpty();
        }
        write("other/x.yaml", "");
        assertThat(check().faults()).extracting(Fault::sentence).isEmpty();
        write("tides/page.js", "");
        Path old = write("tides/page.mjs", "");
        assertOneFault(old, 0, "warning: it is not read, but page.js is; remove one of them.");
    }

    @Test
    void a_copy_of_a_built_in_pipeline_is_one_fault() throws IOException {
        Path orders = TestService.HOME.resolve("routes/orders");
        try (Stream<Path> files = Files.walk(orders)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                write("orders/" + orders.relativize(file), Files.readString(file));
            }
        }
        assertOneFault(
                root.resolve("orders/pipeline.yaml"),
                0,
                "there is another pipeline called orders, routes/orders; rename one of the folders.");
    }

    @Test
    void a_new_pipeline_with_the_name_of_a_built_in_one_is_one_fault() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("tides"))) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName()).replace("tides", "orders");
                write("orders/" + name, Files.readString(file).replace("tides", "orders"));
                Files.delete(file);
            }
        }
        assertOneFault(
                root.resolve("orders/pipeline.yaml"),
                0,
                "there is another pipeline called orders, routes/orders; rename one of the folders.");
    }
}
