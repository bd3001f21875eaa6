package io.bucketbrigade.tables;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A column of a table mapping, and what its fields must be.
 *
 * @param name its name in the file and in the table
 * @param type what kind of value it holds
 * @param optional whether a field may be blank; it is NULL then
 * @param unique whether no value may occur twice
 * @param least the least value allowed
 * @param most the largest value allowed
 * @param knownIn the columns, written {@code file column}, in one of which each value must be; none if any will do
 */
public record Column(
        String name, Type type, boolean optional, boolean unique, long least, long most, List<String> knownIn) {

    /** PostgreSQL's types of that name. */
    public enum Type {
        BIGINT,
        INTEGER,
        NUMERIC,
        DATE,
        BOOLEAN,
        TEXT;

        boolean isWhole() {
            return this == BIGINT || this == INTEGER;
        }

        boolean canBeUnique() {
            return isWhole() || this == DATE;
        }
    }

    private static final Pattern BOUND = Pattern.compile("(from|to) (-?\\d{1,18})");
    private static final String KNOWN_IN = "known in ";

    public Column {
        knownIn = List.copyOf(knownIn);
    }

    /**
     * Reads a column as pipeline.yaml has it: {@code integer, from 1, to 5}. After the type may come {@code optional},
     * {@code unique}, {@code from 1}, {@code to 5}, {@code known in orders.csv order_id or dim_products.csv product_id}.
     *
     * @throws Problem if that is not how it is written
     */
    public static Column parse(String name, String text) {
        String[] words = text.strip().split("\\s*,\\s*", -1);
        Type type = Stream.of(Type.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(words[0]))
                .findFirst()
                .orElseThrow(() -> wrong(name, text, "it must start with one of the types " + types()));
        boolean optional = false;
        boolean unique = false;
        long least = type == Type.INTEGER ? Integer.MIN_VALUE : Long.MIN_VALUE;
        long most = type == Type.INTEGER ? Integer.MAX_VALUE : Long.MAX_VALUE;
        List<String> knownIn = new ArrayList<>();
        for (int at = 1; at < words.length; at++) {
            Matcher bound = BOUND.matcher(words[at]);
            if (words[at].equals("optional")) {
                optional = true;
            } else if (words[at].equals("unique") && type.canBeUnique()) {
                unique = true;
            } else if (bound.matches() && type.isWhole()) {
                long value = Long.parseLong(bound.group(2));
                least = "from".equals(bound.group(1)) ? value : least;
                most = "to".equals(bound.group(1)) ? value : most;
            } else if (words[at].startsWith(KNOWN_IN) && type.isWhole()) {
                knownIn.addAll(List.of(words[at].substring(KNOWN_IN.length()).split(" or ", -1)));
            } else {
                throw wrong(name, text, "'" + words[at] + "' is not known, or not for this type");
            }
        }
        if (optional && unique) {
            throw wrong(name, text, "a unique column can't be optional");
        }
        return new Column(name, type, optional, unique, least, most, knownIn);
    }

    private static String types() {
        return Stream.of(Type.values())
                .map(type -> type.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static Problem wrong(String name, String text, String why) {
        return new Problem(
                Kind.USAGE, "The type of the column " + name + ", '" + text + "', can't be used: " + why + ".");
    }
}
