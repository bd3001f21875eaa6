package io.bucketbrigade;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every route file must be, so that people and visual editors can read it. */
class RoutesTest {
    private static final Path ROUTES = TestService.HOME.resolve("routes");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
            .getSchema(RoutesTest.class.getResourceAsStream("/schema/camelYamlDsl.json"));
    private static final int MOST_LINES = 150;

    static List<Path> routeFiles() throws IOException {
        return files(".camel.yaml");
    }

    private static List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(ROUTES)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path file, String ending) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - ending.length());
    }

    private static List<JsonNode> elements(Path file, String kind) throws IOException {
        List<JsonNode> found = new ArrayList<>();
        YAML.readTree(file.toFile()).forEach(element -> {
            if (element.has(kind)) {
                found.add(element.get(kind));
            }
        });
        return found;
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void file_is_valid_by_camels_own_schema(Path file) throws IOException {
        assertThat(SCHEMA.validate(YAML.readTree(file.toFile()))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void no_file_is_read_as_an_expression_which_takes_the_square_of_its_length_at_each_start(Path file)
            throws IOException {
        assertThat(YAML.readTree(file.toFile()).findValuesAsText("simple"))
                .noneMatch(expression -> expression.startsWith("resource:"));
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void file_holds_one_route_named_like_the_file_with_group_and_description(Path file) throws IOException {
        List<JsonNode> routes = elements(file, "route");
        assertThat(routes).hasSizeLessThanOrEqualTo(1);
        for (JsonNode route : routes) {
            assertThat(route.path("id").asText()).isEqualTo(name(file, ".camel.yaml"));
            assertThat(route.path("group").asText())
                    .isEqualTo(ROUTES.relativize(file).getName(0).toString());
            assertThat(route.path("description").asText()).isNotBlank();
            assertThat(route.path("routeConfigurationId").asText()).isNotBlank();
        }
        for (JsonNode configuration : elements(file, "routeConfiguration")) {
            assertThat(configuration.path("id").asText()).isEqualTo(name(file, ".camel.yaml"));
            assertThat(configuration.path("description").asText()).isNotBlank();
        }
        assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(MOST_LINES);
    }

    @ParameterizedTest
    @MethodSource("routeFiles")
    void beans_are_made_of_parts_of_the_program_and_of_what_stands_before_them(Path file) throws IOException {
        Set<String> known = new HashSet<>(Set.of(
                "pipelines",
                "locations",
                "inputLocations",
                "counting",
                "database",
                "runDatabase",
                "dynamoTables",
                "redshiftDatabases",
                "lakePlaces",
                "ledger"));
        for (JsonNode bean : elements(file, "beans").stream()
                .flatMap(beans -> StreamSupport.stream(beans.spliterator(), false))
                .toList()) {
            for (JsonNode argument : bean.path("constructors")) {
                if (argument.asText().startsWith("#bean:")) {
                    assertThat(known)
                            .as("beans known where " + bean.path("name").asText() + " is made, in " + file)
                            .contains(argument.asText().substring("#bean:".length()));
                }
            }
            known.add(bean.path("name").asText());
        }
    }

    @Test
    void ids_are_unique_and_every_direct_endpoint_and_configuration_exists() throws IOException {
        Set<String> ids = new HashSet<>();
        Set<String> consumed = new HashSet<>();
        Set<String> called = new HashSet<>();
        Set<String> configurations = new HashSet<>();
        Set<String> referred = new HashSet<>();
        for (Path file : routeFiles()) {
            for (JsonNode route : elements(file, "route")) {
                assertThat(ids.add(route.path("id").asText())).isTrue();
                consumed.add(route.path("from").path("uri").asText());
                referred.add(route.path("routeConfigurationId").asText());
                route.findValues("to")
                        .forEach(to -> called.add(
                                to.isTextual() ? to.asText() : to.path("uri").asText()));
            }
            elements(file, "routeConfiguration")
                    .forEach(one -> configurations.add(one.path("id").asText()));
        }
        called.removeIf(uri -> !uri.startsWith("direct:"));
        assertThat(consumed).containsAll(called);
        assertThat(configurations).containsAll(referred);
    }

    @Test
    void every_operation_of_the_contract_has_a_route_and_says_who_may_call_it() throws IOException {
        Set<String> consumed = new HashSet<>();
        for (Path file : routeFiles()) {
            elements(file, "route")
                    .forEach(
                            route -> consumed.add(route.path("from").path("uri").asText()));
        }
        List<JsonNode> operations = new ArrayList<>();
        TestService.contractPaths().forEach(path -> path.forEach(operations::add));
        assertThat(operations).isNotEmpty();
        for (JsonNode operation : operations) {
            assertThat(consumed)
                    .contains("direct:" + operation.path("operationId").asText());
            assertThat(operation.path("x-access").asText()).isIn("open", "read", "write");
        }
    }
}
