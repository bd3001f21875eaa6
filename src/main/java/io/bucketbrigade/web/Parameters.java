package io.bucketbrigade.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.web.AccessRule.Access;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parameters of a request, checked against the contract before a route sees them. */
final class Parameters {
    private static final int LONGEST_SHOWN = 100;

    private Parameters() {}

    /**
     * Checks those in the path.
     *
     * @throws Problem of kind MISSING if one is wrong: at such an address there is nothing
     */
    static void checkPath(String path, Map<String, String> values, Operation operation) {
        try {
            operation.parameters().stream()
                    .filter(parameter -> parameter.path("in").asText().equals("path"))
                    .forEach(parameter -> Contract.check(
                            parameter, values.get(parameter.path("name").asText())));
        } catch (Problem wrong) {
            throw new Problem(Kind.MISSING, "There is nothing at " + path + ". " + wrong.sentence(), wrong);
        }
    }

    /**
     * Checks those behind the question mark, and keeps callers from sending headers by their names.
     *
     * @throws Problem of kind USAGE if one is unknown, missing or wrong, or repeated without being an array
     */
    static void checkQuery(RoutingContext context, Operation operation) {
        String query = context.request().query();
        if (query != null) {
            PercentCode.decode(query);
            checkNames(context.queryParams().names(), operation);
        }
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.path("name").asText();
            String in = parameter.path("in").asText();
            if (in.equals("query")) {
                List<String> values = context.queryParam(name);
                values.forEach(value -> Contract.checkText(name, value));
                JsonNode items = Contract.itemsOf(parameter);
                if (items == null && values.size() > 1) {
                    throw new Problem(Kind.USAGE, "The parameter " + name + " may be given once only.");
                }
                if (values.isEmpty() && parameter.path("required").asBoolean()) {
                    throw new Problem(
                            Kind.USAGE,
                            "The parameter " + name + " is missing: "
                                    + parameter.path("description").asText() + ".");
                }
                if (items == null) {
                    Contract.check(parameter, values.isEmpty() ? null : values.get(0));
                } else {
                    values.forEach(value -> Contract.check(name, items, value));
                }
            }
            if (!in.equals("header")) {
                // A route finds parameters among the headers, where From or Date would look like them.
                context.request().headers().remove(name);
            }
        }
    }

    /**
     * A misspelt name would otherwise change the answer in silence. What is open to everybody, such as the page, is followed from links, to which
     * others add names of theirs.
     */
    private static void checkNames(Set<String> names, Operation operation) {
        if (operation.id().isEmpty() || operation.access() == Access.OPEN) {
            return;
        }
        List<String> known = operation.parameters().stream()
                .filter(parameter -> parameter.path("in").asText().equals("query"))
                .map(parameter -> parameter.path("name").asText())
                .toList();
        for (String name : names) {
            if (!known.contains(name)) {
                String shown = name.length() > LONGEST_SHOWN ? name.substring(0, LONGEST_SHOWN) + "…" : name;
                String suggestion = Suggestion.of(shown, known);
                throw new Problem(
                        Kind.USAGE,
                        "The parameter " + shown + " is not known here" + suggestion
                                + (suggestion.isEmpty() ? ". " : " ")
                                + (known.isEmpty()
                                        ? "This call has none."
                                        : "There are: " + String.join(", ", known) + "."));
            }
        }
    }
}
