package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class CheckCommandTest {
    private static final String ROUTE = """
            - route:
                id: tides
                group: tides
                description: Sums up the readings
                routeConfigurationId: inner-steps
                from:
                  uri: claim:tides
                  steps:
                    - bean:
                        ref: publication
            """;
    private static final String OPERATION = "paths:\n  /tides:\n    get:\n      operationId: getTides\n      ";
    private static final String MISSPELT = ", line 10: there is no bean publicaton; did you mean publication?\n";

    @TempDir
    private Path root = Path.of("");

    private Path tides = Path.of("");

    @BeforeEach
    void a_pipeline() throws IOException {
        tides = Files.createDirectories(root.resolve("own/tides"));
        Files.writeString(tides.resolve("pipeline.yaml"), """
                title: Tides
                description: Sums up readings
                task: sum
                inputs:
                  location: tides.raw
                  files:
                    - name: readings.csv
                """);
        Files.writeString(tides.resolve("tides.properties"), "tides.raw=data/tides\nkind.tides.raw=place\n");
    }

    private Path route(String text) throws IOException {
        return Files.writeString(tides.resolve("tides.camel.yaml"), text);
    }

    @Test
    void a_folder_without_faults_says_what_was_checked() throws IOException {
        route(ROUTE);
        Path sample = Files.createDirectories(tides.resolve("samples/one"));
        Files.writeString(sample.resolve("settings.properties"), "TIDES_RAW=samples\n");
        for (Path folder : new Path[] {tides, root.resolve("own")}) {
            CommandResult result = CommandResult.of(Map.of(), "check", folder.toString());
            assertThat(result.out()).isEqualTo("1 pipeline, 1 route: no problems found.\n");
            assertThat(result.status()).isZero();
        }
    }

    @Test
    void all_of_our_own_routes_are_checked_without_a_folder() {
        CommandResult result = CommandResult.of(Map.of(), "check");
        assertThat(result.out()).matches("\\d+ pipelines, \\d+ routes: no problems found\\.\n");
        assertThat(result.status()).isZero();
        String orders = TestService.HOME.resolve("routes/orders").toString();
        assertThat(CommandResult.of(Map.of(), "check", orders).status()).isZero();
    }

    @Test
    void pipelines_that_the_settings_do_not_name_are_said_to_be_unchecked() {
        Path own = root.resolve("own");
        Settings without = Brigade.settings(Map.of(), Map.of());
        assertThat(CheckCommand.unchecked(without, own))
                .contains(own + " is not checked, because BRIGADE_ROUTES does not name it: BRIGADE_ROUTES=" + own
                        + " ./brigade check");
        assertThat(CheckCommand.unchecked(without, root.resolve("none"))).isEmpty();
        Settings with = Brigade.settings(Map.of("BRIGADE_ROUTES", own.toString()), Map.of());
        assertThat(CheckCommand.unchecked(with, own)).isEmpty();
    }

    @Test
    void a_fault_is_printed_and_ends_with_1() throws IOException {
        Path file = route(ROUTE.replace("publication", "publicaton"));
        CommandResult result = CommandResult.of(Map.of(), "check", tides.toString());
        assertThat(result.out()).isEqualTo(file + MISSPELT);
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void a_warning_is_printed_and_ends_with_0() throws IOException {
        Path file = route(ROUTE.replace("    group: tides\n", ""));
        CommandResult result = CommandResult.of(Map.of(), "check", tides.toString());
        assertThat(result.out()).isEqualTo(file + ", line 2: warning: the route should have a group, tides.\n");
        assertThat(result.status()).isZero();
    }

    @Test
    void inputs_that_start_nothing_are_a_warning() throws IOException {
        route(ROUTE.replace("claim:tides", "direct:tides"));
        assertThat(CommandResult.of(Map.of(), "check", tides.toString()).out())
                .isEqualTo(tides.resolve("pipeline.yaml") + ", line 5: warning: no route begins at claim:tides,"
                        + " so nothing happens when these inputs change.\n");
    }

    @Test
    void faults_in_the_part_of_the_contract_are_printed_and_up_says_them_before_it_touches_the_database()
            throws IOException {
        route(ROUTE);
        assertContractFault(
                OPERATION + "x-access: raed\n",
                ", line 3: the operation getTides has no route. Write one that begins at direct:getTides.",
                ", line 5: GET /tides must say who may call it: x-access is one of open, read, write.");
        assertContractFault(
                OPERATION + "x-access: read\n",
                ", line 3: the operation getTides has no route. Write one that begins at direct:getTides.");
        assertContractFault(
                OPERATION + "x-access: read\n      parameters:\n        - $ref: '#/none'\n",
                ", line 3: the operation getTides has no route. Write one that begins at direct:getTides.",
                ", line 7: $ref refers to #/none, which does not exist.");
        assertContractFault(
                OPERATION + "x-access: read\n      parameters:\n        - $ref: [1]\n",
                ", line 3: the operation getTides has no route. Write one that begins at direct:getTides.",
                ", line 7: $ref must be a place in the contract, such as '#/components/schemas/Run'.");
        assertContractFault("", ": the file is empty.");
        assertContractFault("title: \u00fc", ": the file is not encoded in UTF-8; save it as UTF-8.");
    }

    private void assertContractFault(String contract, String... faults) throws IOException {
        Path file = Files.writeString(tides.resolve("openapi.yaml"), contract, StandardCharsets.ISO_8859_1);
        CommandResult check = CommandResult.of(Map.of(), "check", tides.toString());
        assertThat(check.out()).isEqualTo(file + String.join("\n" + file, faults) + "\n");
        assertThat(check.status()).isEqualTo(1);
        Path data = root.resolve("data");
        CommandResult up = CommandResult.of(
                Map.of("BRIGADE_ROUTES", root + "/own", "BRIGADE_DATA", data.toString(), "BRIGADE_HTTP_PORT", "1"),
                "up");
        assertThat(up.err()).isEqualTo(check.out());
        assertThat(data).doesNotExist();
    }

    @Test
    void an_operation_may_be_answered_by_a_route_made_of_a_template() throws IOException {
        route(ROUTE);
        Files.writeString(tides.resolve("openapi.yaml"), OPERATION + "x-access: read\n");
        Files.writeString(tides.resolve("tides-calls.camel.yaml"), """
                - routeTemplate:
                    id: tides-calls
                    description: Answers a call
                    parameters:
                      - name: operation
                    from:
                      uri: direct:get{{operation}}
                      steps:
                        - stop: {}
                """);
        assertThat(CommandResult.of(Map.of(), "check", tides.toString()).out()).contains("no problems found");
    }

    @Test
    void a_folder_that_does_not_exist_is_named() {
        CommandResult result = CommandResult.of(Map.of(), "check", root + "/none");
        assertThat(result.err())
                .isEqualTo(root + "/none is not a folder. Name a folder with a pipeline.yaml, or one above it.\n");
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void a_folder_of_routes_that_does_not_exist_or_has_no_pipeline_is_told_by_all_commands() throws IOException {
        Path empty = Files.createDirectories(root.resolve("empty"));
        Path none = root.resolve("none");
        String nothing = "There is no pipeline.yaml and no *.camel.yaml in %s. ./brigade new NAME writes a pipeline.\n";
        String noFolder = "BRIGADE_ROUTES is '" + none + "', which is not a folder.\n";
        for (String command : new String[] {"check", "test", "up"}) {
            assertThat(said(empty, command).err()).isEqualTo(nothing.formatted(empty));
            assertThat(said(none, command).err()).isEqualTo(command.equals("up") ? noFolder : nothing.formatted(none));
        }
        assertThat(said(empty, "doctor").out()).contains("failed   BRIGADE_ROUTES: " + nothing.formatted(empty));
        assertThat(said(none, "doctor").out()).contains("failed   " + noFolder);
    }

    private CommandResult said(Path routes, String command) {
        CommandResult result = CommandResult.of(
                Map.of("BRIGADE_ROUTES", routes.toString(), "BRIGADE_DATA", root + "/data", "BRIGADE_HTTP_PORT", "1"),
                command);
        assertThat(result.status()).isEqualTo(1);
        return result;
    }

    @Test
    void up_and_test_say_the_same_before_they_touch_the_database() throws IOException {
        Path file = route(ROUTE.replace("publication", "publicaton"));
        Path data = root.resolve("data");
        for (String command : new String[] {"up", "test"}) {
            CommandResult result = CommandResult.of(
                    Map.of("BRIGADE_ROUTES", root + "/own", "BRIGADE_DATA", data.toString(), "BRIGADE_HTTP_PORT", "1"),
                    command);
            assertThat(result.err()).isEqualTo(file + MISSPELT);
            assertThat(result.out()).isEmpty();
            assertThat(result.status()).isEqualTo(1);
            assertThat(data).doesNotExist();
        }
    }

    @Test
    void what_only_camel_notices_is_told_with_file_and_reason() throws Exception {
        Path file = route("""
                - beans:
                    - name: tidesPermits
                      type: java.util.concurrent.Semaphore
                      constructors:
                        "0": many
                """ + ROUTE);
        CommandResult result = CommandResult.of(
                Map.of(
                        "BRIGADE_ROUTES",
                        root + "/own",
                        "BRIGADE_DATA",
                        root + "/data",
                        "BRIGADE_DATABASE_URL",
                        TestDatabase.newUri(),
                        "BRIGADE_HTTP_PORT",
                        Integer.toString(TestService.freePort())),
                "up");
        assertThat(result.err())
                .isEqualTo(file + ": the bean tidesPermits can't be created: a value given to it must be a number."
                        + " --verbose shows the details.\n");
        assertThat(result.status()).isEqualTo(1);
    }
}
