package io.bucketbrigade.quality;

import io.bucketbrigade.lake.DuckSession;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The SQL, for DuckDB, that measures the rules of a table. The row that is judged is that of t. */
final class RuleSql {
    private static final Pattern REFERENCE = Pattern.compile("(?<table>\\w+)\\.\\{?(?<columns>[^{}]+)}?");
    private static final Pattern PRIMARY =
            Pattern.compile("'(?:[^']|'')*'|\"[^\"]*\"|(?<primary>\\bprimary\\b)", Pattern.CASE_INSENSITIVE);

    private final String table;
    private final Map<String, String> types;
    private final LocalDateTime now;

    /**
     * @param types the columns of the table, in lower case, with their types in DuckDB
     * @param now what now() is
     */
    RuleSql(String table, Map<String, String> types, Instant now) {
        this.table = table;
        this.types = types;
        this.now = LocalDateTime.ofInstant(now, ZoneOffset.UTC);
    }

    /**
     * What is measured.
     *
     * @param number a number, or the rows that keep the rule
     * @param of the rows that it is for; null if the number says all
     */
    record Measured(String number, @Nullable String of) {}

    /** A table that a rule refers to, with the columns. */
    record Reference(String table, List<String> columns) {}

    /** The columns of the table that a rule names. */
    static List<String> columns(Rule rule) {
        return switch (rule.kind()) {
            case ROW_COUNT, COLUMN_COUNT, CUSTOM_SQL -> List.of();
            case REFERENTIAL_INTEGRITY ->
                List.of(rule.parameters().get(0).strip().split("\\s*,\\s*", -1));
            default -> List.of(rule.parameters().get(0));
        };
    }

    /** What a rule refers to; null if that is not written as TABLE.{COLUMNS}. */
    static @Nullable Reference reference(Rule rule) {
        Matcher written = REFERENCE.matcher(rule.parameters().get(1).strip());
        return written.matches()
                ? new Reference(
                        written.group("table"),
                        List.of(written.group("columns").strip().split("\\s*,\\s*", -1)))
                : null;
    }

    Measured measured(Rule rule) {
        String where = rule.where() == null ? "" : " WHERE (" + rule.where() + ")";
        String filter = where.isEmpty() ? "" : " FILTER (" + where.strip() + ")";
        return switch (rule.kind()) {
            case ROW_COUNT -> new Measured("count(*)" + filter, null);
            case COLUMN_COUNT -> new Measured(Integer.toString(types.size()), null);
            case CUSTOM_SQL -> new Measured("CAST((" + customSql(rule) + ") AS DOUBLE)", null);
            case IS_UNIQUE, UNIQUENESS ->
                new Measured("(SELECT count(*) FROM (" + grouped(rule) + " HAVING count(*) = 1))", "count(*)" + filter);
            case REFERENTIAL_INTEGRITY ->
                new Measured(
                        "(SELECT count(*) FROM " + DuckSession.name(table) + " AS t WHERE " + selected(rule)
                                + keeps(rule) + ")",
                        "count(*)" + filter);
            default ->
                new Measured("count(*) FILTER (WHERE " + selected(rule) + keeps(rule) + ")", "count(*)" + filter);
        };
    }

    /** The query for the first rows, by the first column, that break a rule; among equal ones any. In this order, DuckDB reads the other columns of these rows only. */
    String breaking(Rule rule, int most) {
        return "SELECT * FROM " + DuckSession.name(table) + " AS t WHERE " + selected(rule) + "NOT " + keeps(rule)
                + " ORDER BY 1 LIMIT " + most;
    }

    private static String selected(Rule rule) {
        return rule.where() == null ? "" : "(" + rule.where() + ") AND ";
    }

    private String grouped(Rule rule) {
        String column = DuckSession.name(rule.parameters().get(0));
        return "SELECT " + column + " FROM " + DuckSession.name(table) + " AS t WHERE " + selected(rule) + column
                + " IS NOT NULL GROUP BY " + column;
    }

    /** Whether a row keeps the rule, which is never NULL. */
    private String keeps(Rule rule) {
        String column = "t." + DuckSession.name(columns(rule).get(0));
        return switch (rule.kind()) {
            case IS_COMPLETE, COMPLETENESS -> "(" + column + " IS NOT NULL)";
            case IS_UNIQUE, UNIQUENESS ->
                "(" + column + " IS NOT NULL AND " + column + " NOT IN (" + grouped(rule) + " HAVING count(*) > 1))";
            case REFERENTIAL_INTEGRITY -> exists(rule);
            case DATA_FRESHNESS -> new ConditionSql(Objects.requireNonNull(rule.condition()), now).ofAge(column);
            default ->
                new ConditionSql(Objects.requireNonNull(rule.condition()), now)
                        .ofValue(column, type(columns(rule).get(0)));
        };
    }

    private String exists(Rule rule) {
        Reference reference = Objects.requireNonNull(reference(rule));
        List<String> own = columns(rule);
        List<String> pairs = new ArrayList<>();
        for (int at = 0; at < own.size(); at++) {
            pairs.add("r." + DuckSession.name(reference.columns().get(at)) + " = t." + DuckSession.name(own.get(at)));
        }
        return "EXISTS (SELECT 1 FROM " + DuckSession.name(reference.table()) + " AS r WHERE "
                + String.join(" AND ", pairs) + ")";
    }

    private String type(String column) {
        return types.getOrDefault(column.toLowerCase(Locale.ROOT), "VARCHAR");
    }

    /** AWS calls the table primary, which is a keyword of SQL. */
    private String customSql(Rule rule) {
        String statement = rule.parameters().get(0).strip().replaceFirst(";$", "");
        return PRIMARY.matcher(statement)
                .replaceAll(found ->
                        Matcher.quoteReplacement(found.group(1) == null ? found.group() : DuckSession.name(table)));
    }
}
