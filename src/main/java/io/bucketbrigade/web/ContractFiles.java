package io.bucketbrigade.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.registry.YamlFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The contract of the API as it is written: a part of it in the openapi.yaml of each folder with routes. The first one, that of the
 * shared routes, says what holds for the whole; the others only add paths and components.
 */
public final class ContractFiles {
    /** The name of each. */
    public static final String FILE = "openapi.yaml";

    private static final String SHARED = "shared";
    private static final List<String> ACCESS = List.of("open", "read", "write");

    private static final Pattern TEMPLATE = Pattern.compile("(/([^/{}]|\\{[^/{}]+})*)+");

    private final Consumer<Problem> faults;
    private final ObjectNode whole = JsonNodeFactory.instance.objectNode();
    private final Map<Path, JsonNode> fragments = new LinkedHashMap<>();
    /** In which file something is, by its keys. */
    private final Map<String, Path> files = new HashMap<>();
    /** The keys of each operation, by its operationId. */
    private final Map<String, String> operations = new LinkedHashMap<>();

    /**
     * Reads the parts below the folders with routes.
     *
     * @throws Problem if one can't be used, or contradicts another one; with file and line
     */
    public ContractFiles(List<Path> roots) {
        this(roots, fault -> {
            throw fault;
        });
    }

    /**
     * Reads the parts below the folders with routes, and goes on after what is wrong.
     *
     * @param faults gets each thing for which a part can't be used, or contradicts another one; with file and line
     */
    public ContractFiles(List<Path> roots, Consumer<Problem> faults) {
        this.faults = faults;
        roots.stream()
                .flatMap(root -> {
                    List<Path> parts = Pipelines.files(root, FILE);
                    return Stream.concat(
                            parts.stream().filter(ContractFiles::isShared),
                            parts.stream().filter(part -> !isShared(part)));
                })
                .forEach(this::add);
        fragments.forEach((file, fragment) -> requireReferences(file, "", fragment));
        operations.forEach(this::requireParameters);
    }

    private static boolean isShared(Path part) {
        return part.getParent() != null && part.getParent().endsWith(SHARED);
    }

    /** All parts as one. */
    public Contract contract() {
        return new Contract(whole);
    }

    /**
     * Checks that each operation has a route; one that has none is a fault.
     *
     * @param isRouted whether there is one for an operationId
     * @throws Problem if one has none, and nobody collects faults; with file and line
     */
    public void requireRoutes(Predicate<String> isRouted) {
        operations.forEach((id, key) -> {
            if (!isRouted.test(id)) {
                fault(key, "the operation " + id + " has no route. Write one that begins at direct:" + id + ".");
            }
        });
    }

    private void add(Path file) {
        boolean isFirst = fragments.isEmpty();
        JsonNode fragment;
        try {
            fragment = YamlFile.tree(file);
        } catch (Problem unreadable) {
            faults.accept(unreadable);
            return;
        }
        fragments.put(file, fragment);
        mapping(file, "", fragment).properties().forEach(entry -> {
            String key = entry.getKey();
            switch (key) {
                case "paths" ->
                    mapping(file, key, entry.getValue())
                            .properties()
                            .forEach(path -> addPath(file, path.getKey(), path.getValue()));
                case "components" ->
                    mapping(file, key, entry.getValue())
                            .properties()
                            .forEach(kind -> addComponents(file, kind.getKey(), kind.getValue()));
                default -> {
                    if (isFirst) {
                        whole.set(key, entry.getValue());
                    } else {
                        fault(
                                file,
                                key,
                                key
                                        + " is not allowed here. A pipeline's part of the contract has paths and components.");
                    }
                }
            }
        });
    }

    /** What must be a mapping; an empty one if it isn't. */
    private JsonNode mapping(Path file, String key, JsonNode node) {
        if (node.isObject()) {
            return node;
        }
        fault(file, key, (key.isEmpty() ? "this" : key) + " must be a mapping.");
        return JsonNodeFactory.instance.objectNode();
    }

    private void fault(Path file, String key, String what) {
        faults.accept(YamlFile.problem(file, key, what));
    }

    private void addPath(Path file, String template, JsonNode item) {
        String key = "paths.'" + template + "'";
        if (!template.startsWith("/")) {
            fault(file, key, "the path " + template + " must begin with a slash.");
        } else if (!TEMPLATE.matcher(template).matches()) {
            fault(file, key, "the path " + template + " can't be used: a parameter is written {name}.");
        } else if (template.matches("/observe(/.*)?")) {
            fault(file, key, "the path " + template + " is answered by the program itself. Choose another one.");
        }
        String shape = template.replaceAll("\\{[^}]+}", "{}");
        whole.withObject("/paths").propertyStream().map(Map.Entry::getKey).forEach(other -> {
            if (!other.equals(template) && other.replaceAll("\\{[^}]+}", "{}").equals(shape)) {
                fault(
                        file,
                        key,
                        "the path " + template + " is called " + other + " in " + files.get("paths.'" + other + "'")
                                + ". Use the same names.");
            }
        });
        files.putIfAbsent(key, file);
        ObjectNode path = whole.withObject("/paths").withObjectProperty(template);
        mapping(file, key, item).properties().forEach(entry -> {
            String method = entry.getKey();
            String name = method.toUpperCase(Locale.ROOT) + " " + template;
            String itsKey = key + "." + method;
            if (!Contract.METHODS.contains(method)) {
                fault(
                        file,
                        itsKey,
                        method + " is not a method. A path has " + String.join(", ", Contract.METHODS)
                                + "; parameters belong to each of them.");
            } else if (path.has(method)) {
                fault(file, itsKey, name + " is in " + files.get(itsKey) + " too. Remove one of them.");
            } else if (entry.getValue().isObject()) {
                addOperation(file, itsKey, name, entry.getValue());
                path.set(method, entry.getValue());
            } else {
                mapping(file, itsKey, entry.getValue());
            }
        });
    }

    private void addOperation(Path file, String key, String name, JsonNode operation) {
        files.put(key, file);
        requireForm(file, key, operation);
        String id = operation.path("operationId").asText();
        if (id.isBlank()) {
            fault(key, name + " has no operationId, which is the name of the direct route that answers it.");
            return;
        }
        String other = operations.put(id, key);
        if (other != null) {
            fault(
                    key + ".operationId",
                    "the operationId " + id + " is in " + files.get(other) + " too. Choose another one.");
        }
        if (!ACCESS.contains(operation.path("x-access").asText())) {
            fault(
                    key + ".x-access",
                    name + " must say who may call it: x-access is one of " + String.join(", ", ACCESS) + ".");
        }
    }

    private void requireForm(Path file, String key, JsonNode operation) {
        for (String part : List.of("requestBody", "responses")) {
            if (operation.has(part)) {
                mapping(file, key + "." + part, operation.path(part));
            }
        }
        JsonNode parameters = operation.path("parameters");
        if (operation.has("parameters") && !parameters.isArray()) {
            fault(file, key + ".parameters", "parameters must be a list.");
        }
        for (int at = 0; at < parameters.size(); at++) {
            mapping(file, key + ".parameters[" + at + "]", parameters.path(at));
        }
    }

    private void addComponents(Path file, String kind, JsonNode components) {
        String key = "components." + kind;
        ObjectNode all = whole.withObject("/components").withObjectProperty(kind);
        mapping(file, key, components).properties().forEach(entry -> {
            String itsKey = key + "." + entry.getKey();
            JsonNode other = all.get(entry.getKey());
            if (other != null && !other.equals(entry.getValue())) {
                fault(
                        file,
                        itsKey,
                        entry.getKey() + " is defined differently in " + files.get(itsKey) + ". Rename one of them.");
            }
            files.putIfAbsent(itsKey, file);
            all.set(entry.getKey(), entry.getValue());
        });
    }

    private void requireReferences(Path file, String key, JsonNode node) {
        JsonNode reference = node.get("$ref");
        if (reference != null && !(reference.isObject() && key.endsWith("'properties'"))) {
            String to = reference.asText();
            if (!to.startsWith("#/") || whole.at(to.substring(1)).isMissingNode()) {
                fault(
                        file,
                        key + ".$ref",
                        to.isBlank()
                                ? "$ref must be a place in the contract, such as '#/components/schemas/Run'."
                                : "$ref refers to " + to + ", which does not exist.");
            }
        }
        node.properties()
                .forEach(entry -> requireReferences(
                        file, (key.isEmpty() ? "" : key + ".") + "'" + entry.getKey() + "'", entry.getValue()));
        for (int at = 0; node.isArray() && at < node.size(); at++) {
            requireReferences(file, key + "[" + at + "]", node.get(at));
        }
    }

    /** The names of the parameters of each operation, by its operationId. */
    public Map<String, Set<String>> parameters() {
        Map<String, Set<String>> names = new HashMap<>();
        operations.forEach((id, key) -> names.put(
                id,
                parametersAt(key).stream()
                        .map(parameter -> parameter.path("name").asText())
                        .collect(Collectors.toSet())));
        return names;
    }

    private List<JsonNode> parametersAt(String key) {
        String method = key.substring(key.lastIndexOf('.') + 1);
        return Contract.parametersOf(whole.path("paths").path(template(key)).path(method), whole);
    }

    private static String template(String key) {
        return key.substring(key.indexOf('\'') + 1, key.lastIndexOf('\''));
    }

    private void requireParameters(String id, String key) {
        List<String> described = parametersAt(key).stream()
                .filter(parameter -> parameter.path("in").asText().equals("path"))
                .map(parameter -> parameter.path("name").asText())
                .toList();
        for (String name : Contract.namesIn(template(key))) {
            if (!described.contains(name)) {
                fault(key, "the operation " + id + " does not describe its parameter " + name + " (in: path).");
            }
        }
    }

    /** A fault of something that is in one file only. */
    private void fault(String key, String what) {
        Path file = files.entrySet().stream()
                .filter(known -> key.startsWith(known.getKey()))
                .max(Map.Entry.comparingByKey())
                .orElseThrow()
                .getValue();
        fault(file, key, what);
    }
}
