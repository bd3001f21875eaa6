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

    private final Shape file;
    private final Shape kameletTemplate;

    RouteSchema() {
        try (InputStream in = RouteSchema.class.getResourceAsStream(FILE)) {
            JsonNode schema = new ObjectMapper().readTree(in);
            JsonNode definitions = schema.path("items").path("definitions");
            file = new Shape(definitions, List.of(schema));
            kameletTemplate =
                    new Shape(definitions, List.of(definitions.path("org.apache.camel.model.RouteTemplateDefinition")));
        } catch (IOException | IllegalArgumentException e) {
            throw new Problem(Kind.INTERNAL, FILE + " can't be read from the program", e);
        }
    }

    /** A whole file with routes. */
    Shape file() {
        return file;
    }

    /** The template in a kamelet. */
    Shape kameletTemplate() {
        return kameletTemplate;
    }
}
