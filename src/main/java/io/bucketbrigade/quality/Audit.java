package io.bucketbrigade.quality;

import io.bucketbrigade.lake.DuckSession;
import io.bucketbrigade.lake.LakeRun;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.quality.RuleSql.Measured;
import io.bucketbrigade.quality.RuleSql.Reference;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Measures the rules for tables as a run has written them. */
final class Audit {
    private static final int MOST_SAMPLES = 10;
    private static final int LONGEST_VALUE = 200;

    private final LakeRun lake;
    private final String file;
    private final Instant now;

    /**
     * @param file how the file with the rules is called in errors
     * @param now what now() is
     */
    Audit(LakeRun lake, String file, Instant now) {
        this.lake = lake;
        this.file = file;
        this.now = now;
    }

    /**
     * Measures all rules for a table in one query, and finds rows that break them.
     *
     * @throws Problem if a rule names what does not exist, or its SQL is wrong; it names the line
     * @throws SQLException if the lake can't be read
     * @throws IOException if the lake can't be read
     */
    List<Verdict> of(Ruleset ruleset) throws SQLException, IOException {
        String table = ruleset.table();
        int first = ruleset.rules().get(0).line();
        Map<String, String> types = types(table, first);
        for (Rule rule : ruleset.rules()) {
            requireColumns(rule, table, RuleSql.columns(rule), types);
            requireReference(rule);
        }
        RuleSql sql = new RuleSql(table, types, now);
        Map<String, @Nullable Object> numbers = measure(table, ruleset.rules(), sql);
        List<Verdict> verdicts = new ArrayList<>();
        int at = 0;
        for (Rule rule : ruleset.rules()) {
            Double number = number(numbers.get("n" + at));
            Double of = number(numbers.get("of" + at));
            at++;
            boolean isBroken = rule.kind().isOfRows() && number != null && of != null && number < of;
            verdicts.add(Verdict.of(
                    table,
                    rule,
                    number == null || of == null ? number : Double.valueOf(number / of),
                    isBroken ? samples(rule, sql) : List.of()));
        }
        return verdicts;
    }

    private Map<String, String> types(String table, int line) throws SQLException, IOException {
        Map<String, String> types = lake.columns(table);
        if (types.isEmpty()) {
            throw problem(line, "there is no table " + table + Suggestion.of(table, lake.written()));
        }
        Map<String, String> all = new LinkedHashMap<>();
        types.forEach((column, type) -> all.put(column.toLowerCase(Locale.ROOT), type));
        return all;
    }

    private void requireColumns(Rule rule, String table, List<String> columns, Map<String, String> types) {
        for (String column : columns) {
            if (!types.containsKey(column.toLowerCase(Locale.ROOT))) {
                throw problem(
                        rule.line(),
                        "the table " + table + " has no column " + column + Suggestion.of(column, types.keySet()));
            }
        }
    }

    private void requireReference(Rule rule) throws SQLException, IOException {
        if (rule.kind() != RuleKind.REFERENTIAL_INTEGRITY) {
            return;
        }
        Reference reference = RuleSql.reference(rule);
        if (reference == null
                || reference.columns().size() != RuleSql.columns(rule).size()) {
            throw problem(rule.line(), "expected TABLE.{COLUMN} with as many columns as before it");
        }
        requireColumns(rule, reference.table(), reference.columns(), types(reference.table(), rule.line()));
    }

    private Map<String, @Nullable Object> measure(String table, List<Rule> rules, RuleSql sql) throws SQLException {
        try {
            return lake.find(query(table, rules, sql)).get(0);
        } catch (SQLException failed) {
            for (Rule rule : rules) {
                explain(table, rule, sql);
            }
            throw failed;
        }
    }

    /** The rule whose SQL is wrong is found by asking for each alone. */
    private void explain(String table, Rule rule, RuleSql sql) {
        try {
            lake.find(query(table, List.of(rule), sql));
        } catch (SQLException wrong) {
            throw new Problem(
                    Kind.PIPELINE,
                    place(rule.line()) + rule.kind().word() + " can't be evaluated: "
                            + Problems.firstLine(wrong.getMessage()) + ". Correct the rule.",
                    file,
                    rule.line(),
                    null,
                    wrong);
        }
    }

    private static String query(String table, List<Rule> rules, RuleSql sql) {
        StringBuilder query = new StringBuilder("SELECT count(*) AS rows");
        int at = 0;
        for (Rule rule : rules) {
            Measured measured = sql.measured(rule);
            query.append(", ").append(measured.number()).append(" AS n").append(at);
            if (measured.of() != null) {
                query.append(", ").append(measured.of()).append(" AS of").append(at);
            }
            at++;
        }
        return query.append(" FROM ")
                .append(DuckSession.name(table))
                .append(" AS t")
                .toString();
    }

    private static @Nullable Double number(@Nullable Object value) {
        return value instanceof Number number ? Double.valueOf(number.doubleValue()) : null;
    }

    private List<Map<String, @Nullable Object>> samples(Rule rule, RuleSql sql) throws SQLException {
        List<Map<String, @Nullable Object>> samples = new ArrayList<>();
        for (Map<String, @Nullable Object> row : lake.find(sql.breaking(rule, MOST_SAMPLES))) {
            Map<String, @Nullable Object> sample = new LinkedHashMap<>();
            row.forEach((column, value) -> sample.put(column, shown(value)));
            samples.add(sample);
        }
        return samples;
    }

    /** A value as JSON can hold it. */
    private static @Nullable Object shown(@Nullable Object value) {
        if (value == null || value instanceof Long || value instanceof Integer || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Double number && !number.isNaN() && !number.isInfinite()) {
            return number;
        }
        String text = value.toString().replace('\0', '\u2400');
        return text.length() <= LONGEST_VALUE
                ? text
                : text.substring(
                                0,
                                text.offsetByCodePoints(
                                        0, Math.min(LONGEST_VALUE, text.codePointCount(0, text.length()))))
                        + "…";
    }

    private String place(int line) {
        return file + ", line " + line + ": ";
    }

    private Problem problem(int line, String what) {
        return new Problem(Kind.PIPELINE, place(line) + what + (what.endsWith("?") ? "" : "."), file, line, null, null);
    }
}
