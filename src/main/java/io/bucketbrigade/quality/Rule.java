package io.bucketbrigade.quality;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule for the data of a table.
 *
 * @param line where it begins in its file, from 1
 * @param text how it is written, without its labels
 * @param kind its type
 * @param parameters columns, or a statement
 * @param condition what a number or each value must meet; null if the type says it
 * @param where the rows that it is for, as a condition in SQL; null if it is for all
 * @param threshold what the share of the rows that keep it must meet; null if all must
 * @param severity what it does when it is broken
 */
record Rule(
        int line,
        String text,
        RuleKind kind,
        List<String> parameters,
        @Nullable Condition condition,
        @Nullable String where,
        @Nullable Condition threshold,
        Severity severity) {
    Rule {
        parameters = List.copyOf(parameters);
    }

    /** What the measured number must meet; null if all rows must keep the rule. */
    @Nullable
    Condition limit() {
        return kind.expected() == RuleKind.Expected.NUMBERS ? condition : threshold;
    }

    /** What was expected, in words. */
    String expectation() {
        Condition limit = limit();
        if (limit == null) {
            return "all rows";
        }
        return limit.words() + (kind.isOfRows() ? " of the rows" : "");
    }
}
