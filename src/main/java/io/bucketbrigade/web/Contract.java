package io.bucketbrigade.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.web.AccessRule.Access;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the contract of the API says about who may ask for what: paths, methods, parameters, and whether a call writes
 * ({@code x-access}).
 */
public final class Contract {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,18}");
    private static final int LAST_YEAR = 9999;
    private static final long MOST = 999_999_999;
    private static final long MOST_OF_LONG = 999_999_999_999_999_999L;
    /** Answered by Camel's own management handlers, so no operation of the contract has a route for them. */
    private static final List<String> OBSERVED =
            List.of("/observe/health", "/observe/health/live", "/observe/health/ready", "/observe/metrics");

    /** The methods that a path may have, as the contract writes them. */
    static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch", "head", "options");

    /** Two templates may fit one path; the one with fewer names in it is meant, and so it comes first. */
    private static final Comparator<Path> MOST_EXACT_FIRST =
            Comparator.comparing(path -> path.template().replaceAll("\\{[^}]+}", "\uffff"));

    private static final Pattern VALUE = Pattern.compile("\\{([^}]+)}");

    private final String json;
    private final List<String> templates = new ArrayList<>();
    private final List<Path> paths = new ArrayList<>();

    private final Map<String, Path> plainPaths = new HashMap<>();

    private record Path(
            String template, List<String> names, Pattern pattern, JsonNode item, Map<String, Operation> operations) {
        static Path of(String template, JsonNode item, JsonNode contract) {
            Map<String, Operation> operations = new HashMap<>();
            for (String method : METHODS) {
                JsonNode operation = item.get(method);
                if (operation != null) {
                    operations.put(method.toUpperCase(Locale.ROOT), Operation.of(operation, template, contract));
                }
            }
            List<String> names = namesIn(template);
            String pattern = VALUE.matcher(Pattern.quote(template)).replaceAll("\\\\E([^/]+)\\\\Q");
            return new Path(template, names, Pattern.compile(pattern), item, operations);
        }

        /** Whether a name in it may hold a slash, written as %2F ({@code x-slash} in the contract). */
        boolean mayHoldSlash(String name) {
            return operations.values().stream()
                    .flatMap(operation -> operation.parameters().stream())
                    .anyMatch(parameter -> parameter.path("x-slash").asBoolean()
                            && parameter.path("name").asText().equals(name));
        }

        List<String> methods() {
            return METHODS.stream()
                    .filter(item::has)
                    .map(method -> method.toUpperCase(Locale.ROOT))
                    .toList();
        }
    }

    /** @param contract the whole of it, as OpenAPI writes it */
    Contract(JsonNode contract) {
        json = contract.toPrettyString();
        contract.path("paths").properties().forEach(entry -> {
            Path path = Path.of(entry.getKey(), entry.getValue(), contract);
            templates.add(path.template());
            paths.add(path);
            if (!path.template().contains("{")) {
                plainPaths.put(path.template(), path);
            }
        });
        paths.sort(MOST_EXACT_FIRST);
    }

    /** The names in a path's template. */
    static List<String> namesIn(String template) {
        return VALUE.matcher(template).results().map(result -> result.group(1)).toList();
    }

    /** The parameters of an operation, those among them that are described elsewhere. */
    static List<JsonNode> parametersOf(JsonNode operation, JsonNode contract) {
        return StreamSupport.stream(operation.path("parameters").spliterator(), false)
                .map(parameter -> described(parameter, contract))
                .toList();
    }

    /** What is described there, or elsewhere in the contract. */
    static JsonNode described(JsonNode said, JsonNode contract) {
        String reference = said.path("$ref").asText();
        return reference.startsWith("#/") ? contract.at(reference.substring(1)) : said;
    }

    /** All of it, as JSON. */
    public String json() {
        return json;
    }

    /**
     * Finds the operation.
     *
     * @throws Problem if there is no such path; the message names the paths there are
     * @throws MethodNotAllowed if the path doesn't take the method
     */
    Operation find(String method, String path) {
        if (OBSERVED.contains(path)) {
            if (!method.equals("GET")) {
                throw new MethodNotAllowed(method, path, allowed(path));
            }
            // Whoever restarts a service that is down must be able to see that it is.
            Access access = path.startsWith("/observe/health") ? Access.OPEN : Access.READ;
            return new Operation("", path, access, false, List.of(), false, false, List.of(), List.of());
        }
        Path known = known(path);
        Operation operation = known.operations().get(method);
        if (operation == null) {
            throw new MethodNotAllowed(method, path, allowed(path));
        }
        return operation;
    }

    /**
     * The methods that a path takes, HEAD and OPTIONS among them.
     *
     * @throws Problem if there is no such path; the message names the paths there are
     */
    List<String> allowed(String path) {
        List<String> methods = new ArrayList<>(
                OBSERVED.contains(path) ? List.of("GET") : known(path).methods());
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        methods.add("OPTIONS");
        return methods;
    }

    /** Whether two ways to write an address mean the same: the same path of the contract with the same values. */
    boolean same(String path, String other) {
        return path.equals(other)
                || (known(path).template().equals(known(other).template())
                        && values(path).equals(values(other)));
    }

    /**
     * The values in a path for the names in its template, decoded.
     *
     * @param path an existing one, as it was sent
     * @throws Problem if a value can't be decoded, or holds what no value can hold
     */
    Map<String, String> values(String path) {
        Map<String, String> values = new HashMap<>();
        if (plainPaths.containsKey(path) || OBSERVED.contains(path)) {
            return values;
        }
        Path known = known(path);
        Matcher matcher = known.pattern().matcher(path);
        if (matcher.matches()) {
            for (int at = 0; at < known.names().size(); at++) {
                String name = known.names().get(at);
                String value = PercentCode.decode(String.valueOf(matcher.group(at + 1)));
                if (value.indexOf('/') >= 0 && !known.mayHoldSlash(name)) {
                    throw new Problem(
                            Kind.MISSING,
                            "There is nothing at " + path + ": the parameter " + name
                                    + " holds an encoded slash (%2F), and no name here has one.");
                }
                checkText(name, value);
                values.put(name, value);
            }
        }
        return values;
    }

    /**
     * Checks a value of a parameter.
     *
     * @throws Problem if it holds a character that no text in PostgreSQL can hold
     */
    static void checkText(String name, String value) {
        if (value.indexOf('\0') >= 0) {
            throw new Problem(Kind.USAGE, "The parameter " + name + " holds %00, which is not allowed.");
        }
    }

    private Path known(String path) {
        Path plain = plainPaths.get(path);
        return plain != null
                ? plain
                : paths.stream()
                        .filter(candidate -> candidate.pattern().matcher(path).matches())
                        .findFirst()
                        .orElseThrow(() -> nothingAt(path));
    }

    private Problem nothingAt(String path) {
        return new Problem(
                Kind.MISSING,
                "There is nothing at " + path + ". There is: " + String.join(", ", nearest(path))
                        + ". /openapi.json describes all calls.");
    }

    /** The templates that begin like a path, or like one that was perhaps meant; if there are none, what templates begin with. */
    private List<String> nearest(String path) {
        Map<String, List<String>> beginnings = Stream.concat(
                        templates.stream(), OBSERVED.stream().sorted())
                .collect(Collectors.groupingBy(Contract::beginning, LinkedHashMap::new, Collectors.toList()));
        return Suggestion.nearest(
                        beginning(path),
                        beginnings.keySet().stream()
                                .filter(one -> one.length() > 1)
                                .toList())
                .map(beginnings::get)
                .orElseGet(() -> List.copyOf(beginnings.keySet()));
    }

    private static String beginning(String path) {
        int second = path.indexOf('/', 1);
        return second < 0 ? path : path.substring(0, second);
    }

    /** The method can't be used there; says which can. */
    static final class MethodNotAllowed extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient List<String> allowed;

        MethodNotAllowed(String method, String path, List<String> allowed) {
            super(method + " can't be used at " + path + "; use "
                    + String.join(
                            " or ",
                            allowed.stream()
                                    .filter(one -> !one.equals("HEAD") && !one.equals("OPTIONS"))
                                    .toList())
                    + ".");
            this.allowed = allowed;
        }

        List<String> allowed() {
            return allowed;
        }
    }

    /**
     * Checks a parameter of the path or query.
     *
     * @throws Problem if its value is not what the contract says
     */
    static void check(JsonNode parameter, @Nullable String value) {
        if (value != null) {
            check(parameter.path("name").asText(), parameter.path("schema"), value);
        }
    }

    /** What each value of a parameter is that may be given several times; null if it may be given once only. */
    static @Nullable JsonNode itemsOf(JsonNode parameter) {
        JsonNode schema = parameter.path("schema");
        return schema.path("type").asText().equals("array") ? schema.path("items") : null;
    }

    /**
     * Checks a value of a parameter.
     *
     * @throws Problem if it is not what the schema says
     */
    static void check(String name, JsonNode schema, String value) {
        if (schema.has("enum")) {
            checkOneOf(name, schema.path("enum"), value);
        }
        if (schema.path("format").asText().equals("date")) {
            checkDay(name, value);
        }
        if (schema.has("pattern")) {
            checkPattern(name, schema, value);
        }
        if (!schema.path("type").asText().equals("integer")) {
            return;
        }
        long bound = schema.path("format").asText().equals("int64") ? MOST_OF_LONG : MOST;
        long least = schema.path("minimum").asLong(-bound);
        long most = schema.path("maximum").asLong(bound);
        if (!WHOLE_NUMBER.matcher(value).matches() || Long.parseLong(value) < least || Long.parseLong(value) > most) {
            throw new Problem(
                    Kind.USAGE,
                    "The parameter " + name + " is '" + value + "'; it must be a whole number from " + least + " to "
                            + most + ".",
                    null,
                    0,
                    name,
                    null);
        }
    }

    private static void checkDay(String name, String value) {
        try {
            LocalDate day = LocalDate.parse(value);
            // Of years with signs, PostgreSQL understands none.
            if (day.getYear() < 1 || day.getYear() > LAST_YEAR) {
                throw new DateTimeParseException("not within four digits", value, 0);
            }
        } catch (DateTimeParseException noDay) {
            throw new Problem(
                    Kind.USAGE,
                    "The parameter " + name + " is '" + value + "'; it must be a date such as 2005-02-25.",
                    null,
                    0,
                    name,
                    null);
        }
    }

    private static void checkPattern(String name, JsonNode schema, String value) {
        if (!Pattern.matches(schema.path("pattern").asText(), value)) {
            throw new Problem(
                    Kind.USAGE,
                    "The parameter " + name + " is '" + value + "'; it must be written like "
                            + schema.path("example").asText() + ".",
                    null,
                    0,
                    name,
                    null);
        }
    }

    private static void checkOneOf(String name, JsonNode values, String value) {
        List<String> known = StreamSupport.stream(values.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        if (!known.contains(value)) {
            throw new Problem(
                    Kind.USAGE,
                    "The parameter " + name + " is '" + value + "'; it must be one of " + String.join(", ", known)
                            + ".",
                    null,
                    0,
                    name,
                    null);
        }
    }
}
