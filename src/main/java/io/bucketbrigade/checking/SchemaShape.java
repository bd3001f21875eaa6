package io.bucketbrigade.checking;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may be written in a place, by the alternatives that Camel's schema has for it. */
final class SchemaShape {
    private static final String EXPRESSION = "ExpressionDefinition";

    private final JsonNode definitions;
    private final Map<String, List<JsonNode>> keys = new LinkedHashMap<>();
    private final Map<String, SchemaShape> children = new HashMap<>();
    private final List<JsonNode> items = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final Set<String> required = new HashSet<>();
    private final Set<String> scalars = new HashSet<>();
    private final Set<String> choices = new HashSet<>();
    private boolean open;
    private boolean onlyOneKey;
    private @Nullable SchemaShape itemShape;

    /** @param definitions what references lead to */
    SchemaShape(JsonNode definitions, List<JsonNode> alternatives) {
        this.definitions = definitions;
        open = alternatives.isEmpty();
        alternatives.forEach(one -> add(one, false));
    }

    private void add(JsonNode schema, boolean isChoice) {
        String reference = schema.path("$ref").asText();
        if (!reference.isEmpty()) {
            String definition = reference.substring(reference.lastIndexOf('/') + 1);
            names.add(definition.substring(definition.lastIndexOf('.') + 1));
            add(definitions.path(definition), isChoice);
        }
        String type = schema.path("type").asText();
        if (!type.isEmpty() && !type.equals("object") && !type.equals("array")) {
            scalars.add(type);
        }
        schema.path("enum").forEach(choice -> choices.add(choice.asText()));
        schema.path("properties").properties().forEach(property -> {
            List<JsonNode> known = keys.computeIfAbsent(property.getKey(), key -> new ArrayList<>());
            if (!property.getValue().isEmpty()) {
                known.add(property.getValue());
            }
        });
        if (schema.has("items")) {
            items.add(schema.path("items"));
        }
        onlyOneKey |= schema.path("maxProperties").asInt() == 1;
        List.of("anyOf", "oneOf", "allOf").forEach(kind -> schema.path(kind).forEach(one -> add(one, true)));
        if (!isChoice) {
            schema.path("required").forEach(key -> required.add(key.asText()));
        }
        open |= type.equals("object")
                && schema.path("additionalProperties").asBoolean(true)
                && !schema.has("properties")
                && !schema.has("anyOf")
                && !schema.has("oneOf")
                && reference.isEmpty();
    }

    /** Whether anything may be written there. */
    boolean isOpen() {
        return open;
    }

    /** The names of the definitions that describe it, the outermost first. */
    List<String> names() {
        return names;
    }

    /** The keys it may have; none if it is not a mapping. */
    Set<String> keys() {
        return keys.keySet();
    }

    /** The keys it must have. */
    Set<String> required() {
        return required;
    }

    boolean hasOnlyOneKey() {
        return onlyOneKey;
    }

    boolean isList() {
        return !items.isEmpty();
    }

    boolean isScalar() {
        return !scalars.isEmpty();
    }

    /** The texts it may be; none if it may be any. */
    Set<String> choices() {
        return choices;
    }

    /** What a text that is not of its kind should be; null if the text is right. */
    @Nullable
    String wanted(String text) {
        if (scalars.contains("string")) {
            return null;
        }
        if (scalars.contains("boolean")) {
            return text.matches("(?i)true|false") ? null : "true or false";
        }
        return text.matches("[-+]?\\d+(\\.\\d+)?") ? null : "a number";
    }

    /** Whether nothing may be written behind its key. */
    boolean mayBeEmpty() {
        return !isList() && required.isEmpty() && !needsExpression(Set.of());
    }

    /** Whether it must have an expression, and none of its keys is one. */
    boolean needsExpression(Set<String> present) {
        return names.indexOf(EXPRESSION) > 0
                && !names.contains("SortDefinition")
                && present.stream()
                        .noneMatch(key -> key.equals("expression")
                                || child(key).names().stream().anyMatch(name -> name.endsWith("Expression")));
    }

    /** What may be written behind one of its keys. */
    SchemaShape child(String key) {
        return children.computeIfAbsent(key, name -> new SchemaShape(definitions, keys.getOrDefault(name, List.of())));
    }

    /** What each entry of the list may be. */
    SchemaShape item() {
        SchemaShape known = itemShape;
        if (known == null) {
            known = new SchemaShape(definitions, items);
            itemShape = known;
        }
        return known;
    }
}
