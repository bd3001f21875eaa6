package io.bucketbrigade.checking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Camel's own description of what may be written in a route file. */
final class RouteSchema {
    private static final String FILE = "/schema/camelYamlDsl.json";

    private final SchemaShape file;
    private final SchemaShape kameletTemplate;

    RouteSchema() {
        try (InputStream in = RouteSchema.class.getResourceAsStream(FILE)) {
            JsonNode schema = new ObjectMapper().readTree(in);
            JsonNode definitions = schema.path("items").path("definitions");
            file = new SchemaShape(definitions, List.of(schema));
            kameletTemplate = new SchemaShape(
                    definitions, List.of(definitions.path("org.apache.camel.model.RouteTemplateDefinition")));
        } catch (IOException | IllegalArgumentException e) {
            throw new Problem(Kind.INTERNAL, FILE + " can't be read from the program", e);
        }
    }

    /** A whole file with routes. */
    SchemaShape file() {
        return file;
    }

    /** The template in a kamelet. */
    SchemaShape kameletTemplate() {
        return kameletTemplate;
    }
}
