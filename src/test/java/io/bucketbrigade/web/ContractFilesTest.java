package io.bucketbrigade.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ContractFilesTest {
    @TempDir
    private Path root = Path.of("");

    private Path write(String folder, String text) throws IOException {
        return Files.writeString(Files.createDirectories(root.resolve(folder)).resolve(ContractFiles.FILE), text);
    }

    @BeforeEach
    void writeTheSharedPart() throws IOException {
        write("shared", """
                openapi: "3.0.3"
                info: {title: Test, version: "1"}
                paths:
                  /raw/{pipeline}/{file}:
                    get:
                      operationId: getFile
                      x-access: write
                      parameters:
                        - {$ref: "#/components/parameters/Pipeline"}
                        - {name: file, in: path, required: true, schema: {type: string}}
                  /raw/{pipeline}/batches:
                    get: {operationId: getBatches, x-access: read, parameters: [{$ref: "#/components/parameters/Pipeline"}]}
                components:
                  parameters:
                    Pipeline: {name: pipeline, in: path, required: true, schema: {type: string}}
                """);
    }

    private Contract contract() {
        return new ContractFiles(List.of(root)).contract();
    }

    @Test
    void parts_become_one_contract_with_the_shared_one_first_whatever_the_order_of_folders() throws IOException {
        write("a", "paths: {/a: {get: {operationId: getA, x-access: open}}}");
        write("tides", """
                paths:
                  /tides: {get: {operationId: getTides, x-access: read}}
                components:
                  parameters:
                    Pipeline: {name: pipeline, in: path, required: true, schema: {type: string}}
                """);
        JsonNode whole = new ObjectMapper().readTree(contract().json());
        assertThat(whole.path("paths").properties())
                .extracting(path -> path.getKey())
                .containsExactly("/raw/{pipeline}/{file}", "/raw/{pipeline}/batches", "/a", "/tides");
        assertThat(contract().json()).isEqualTo(contract().json());
        assertThat(contract().find("GET", "/raw/tides/batches").id()).isEqualTo("getBatches");
        assertThat(contract().find("GET", "/raw/tides/readings.csv").parameters())
                .extracting(parameter -> parameter.path("name").asText())
                .containsExactly("pipeline", "file");
    }

    @Test
    void the_contract_of_the_program_uses_each_component_that_it_describes() throws IOException {
        String json = new ContractFiles(List.of(TestService.HOME.resolve("routes")))
                .contract()
                .json();
        Set<String> unused = new HashSet<>();
        new ObjectMapper().readTree(json).path("components").properties().forEach(kind -> kind.getValue()
                .fieldNames()
                .forEachRemaining(name -> unused.add("#/components/" + kind.getKey() + "/" + name)));
        unused.removeIf(reference -> json.contains("\"" + reference + "\""));
        assertThat(unused).isEmpty();
    }

    record Fault(String text, int line, String words) {}

    static List<Fault> faults() {
        return List.of(
                new Fault("paths:\n  /tides: [", 2, "this is not YAML"),
                new Fault("paths:\n  /a: {}\n  /a: {}\n", 3, "the key /a is repeated"),
                new Fault("paths: {}\n---\npaths: {}\n", 2, "another document begins here"),
                new Fault(
                        "paths:\n  /tides/{a: {}\n",
                        2,
                        "the path /tides/{a can't be used: a parameter is written {name}"),
                new Fault("paths:\n  /a/b}/{}: {}\n", 2, "the path /a/b}/{} can't be used"),
                new Fault("paths:\n  /observe/health: {}\n", 2, "is answered by the program itself"),
                new Fault("paths:\n  /a:\n    get: 5\n", 3, "paths.'/a'.get must be a mapping"),
                new Fault(
                        "paths:\n  /a:\n    get:\n      operationId: a\n      parameters: 7\n",
                        5,
                        "parameters must be a list"),
                new Fault(
                        "paths:\n  /a:\n    get:\n      operationId: a\n      parameters:\n        - 7\n",
                        6,
                        "parameters[0] must be a mapping"),
                new Fault(
                        "paths:\n  /a:\n    get:\n      operationId: a\n      requestBody: [a]\n",
                        5,
                        "requestBody must be a mapping"),
                new Fault(
                        "paths:\n  /a:\n    get: {operationId: a, x-access: read, requestBody: {$ref: 5}}\n",
                        3,
                        "$ref refers to 5, which does not exist"),
                new Fault("paths: []\n", 1, "paths must be a mapping"),
                new Fault("# none\ninfo: {title: Tides}\n", 2, "info is not allowed here"),
                new Fault("paths:\n  tides: {}\n", 2, "the path tides must begin with a slash"),
                new Fault("paths:\n  /tides:\n    got: {}\n", 3, "got is not a method"),
                new Fault("paths:\n  /tides:\n    get:\n      x-access: read\n", 3, "GET /tides has no operationId"),
                new Fault(
                        "paths:\n  /tides:\n    get:\n      operationId: getTides\n", 3, "GET /tides must say who may"),
                new Fault(
                        "paths:\n  /tides:\n    get:\n      operationId: getTides\n      x-access: everybody\n",
                        5,
                        "x-access is one of open, read, write"),
                new Fault("paths:\n  /raw/{pipeline}/{name}: {}\n", 2, "is called /raw/{pipeline}/{file} in "),
                new Fault(
                        "paths:\n  /raw/{pipeline}/batches:\n    get: {operationId: mine, x-access: read}\n",
                        3,
                        "GET /raw/{pipeline}/batches is in "),
                new Fault(
                        "paths:\n  /tides:\n    get:\n      operationId: getFile\n",
                        4,
                        "the operationId getFile is in "),
                new Fault(
                        "components:\n  parameters:\n    Pipeline: {name: pipeline, in: query}\n",
                        3,
                        "Pipeline is defined differently in "),
                new Fault(
                        "components:\n  schemas:\n    Tide:\n      properties:\n        level.m: {$ref: '#/components/schemas/Level'}\n",
                        5,
                        "$ref refers to #/components/schemas/Level, which does not exist"),
                new Fault(
                        "paths:\n  /tides/{station}:\n    get: {operationId: getTides, x-access: read}\n",
                        3,
                        "the operation getTides does not describe its parameter station"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void what_is_wrong_is_said_with_file_and_line(Fault fault) throws IOException {
        Path file = write("tides", fault.text());
        assertThatThrownBy(this::contract)
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith(file + ", line " + fault.line() + ": ")
                .hasMessageContaining(fault.words());
    }

    @Test
    void all_faults_are_said_at_once() throws IOException {
        write("tides", "paths:\n  tides: {get: {x-access: read}}\n  /raw/{pipeline}/{name}: {got: {}}\nextra: 5\n");
        List<String> said = new ArrayList<>();
        new ContractFiles(
                List.of(root), fault -> said.add(fault.line() + fault.sentence().replaceFirst(".*?: ", " ")));
        assertThat(said)
                .containsExactly(
                        "2 the path tides must begin with a slash.",
                        "2 GET tides has no operationId, which is the name of the direct route that answers it.",
                        "3 the path /raw/{pipeline}/{name} is called /raw/{pipeline}/{file} in "
                                + root.resolve("shared/openapi.yaml") + ". Use the same names.",
                        "3 got is not a method. A path has get, put, post, delete, patch, head, options; parameters belong"
                                + " to each of them.",
                        "4 extra is not allowed here. A pipeline's part of the contract has paths and components.");
    }

    @Test
    void an_operation_without_a_route_is_said_with_file_and_line() throws IOException {
        Path file = write("tides", "paths:\n  /tides:\n    get: {operationId: getTides, x-access: read}\n");
        ContractFiles files = new ContractFiles(List.of(root));
        files.requireRoutes(Set.of("getFile", "getBatches", "getTides")::contains);
        assertThatThrownBy(() -> files.requireRoutes(Set.of("getFile", "getBatches")::contains))
                .hasMessage(file
                        + ", line 3: the operation getTides has no route. Write one that begins at direct:getTides.");
    }

    @Test
    void a_parameter_is_held_to_its_least_and_its_largest_number() throws IOException {
        JsonNode days = new ObjectMapper()
                .readTree(
                        "{\"name\": \"days\", \"schema\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 100}}");
        Contract.check(days, "1");
        Contract.check(days, "100");
        for (String wrong : List.of("0", "101", "x", "1.5", "99999999999999999999")) {
            assertThatThrownBy(() -> Contract.check(days, wrong))
                    .hasMessage("The parameter days is '" + wrong + "'; it must be a whole number from 1 to 100.");
        }
    }
}
