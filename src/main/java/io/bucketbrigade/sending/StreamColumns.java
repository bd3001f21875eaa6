package io.bucketbrigade.sending;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.rows.ColumnNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The columns of a stream, as the contract of its service has them.
 *
 * @param all their names
 * @param required those that a row needs
 */
record StreamColumns(List<String> all, List<String> required) {
    /**
     * Finds the object that may be POSTed to a path.
     *
     * @return empty if the contract does not describe one
     */
    static Optional<StreamColumns> of(JsonNode contract, String path) {
        JsonNode schema = contract.path("paths")
                .path(path)
                .path("post")
                .path("requestBody")
                .path("content")
                .path("application/json")
                .path("schema");
        JsonNode row = described(schema.path("oneOf").path(0), contract);
        List<String> all = new ArrayList<>();
        row.path("properties").fieldNames().forEachRemaining(all::add);
        List<String> required = StreamSupport.stream(row.path("required").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(new StreamColumns(all, required));
    }

    private static JsonNode described(JsonNode said, JsonNode contract) {
        String reference = said.path("$ref").asText();
        return reference.startsWith("#/") ? contract.at(reference.substring(1)) : said;
    }

    /**
     * Checks the header of a file, in which columns without a name may be.
     *
     * @throws Problem if it names another column, or one is missing that each row needs
     */
    void check(Path file, List<String> header) {
        Set<String> known = plain(all);
        for (String name : header) {
            if (!name.isEmpty() && !known.contains(ColumnNames.plain(name))) {
                throw wrong(file, name + " is not a column of this stream" + Suggestion.of(name, all));
            }
        }
        Set<String> named = plain(header);
        for (String name : required) {
            if (!named.contains(ColumnNames.plain(name))) {
                throw wrong(file, name + " is missing");
            }
        }
    }

    private static Set<String> plain(List<String> names) {
        return names.stream().map(ColumnNames::plain).collect(Collectors.toCollection(HashSet::new));
    }

    private Problem wrong(Path file, String what) {
        String columns = all.stream()
                .map(name -> required.contains(name) ? name : name + " (optional)")
                .collect(Collectors.joining(", "));
        return new Problem(
                Kind.INPUT,
                file + ", line 1: " + what + (what.endsWith("?") ? "" : ".")
                        + " Nothing was sent. The header must name these columns: " + columns + ".");
    }
}
