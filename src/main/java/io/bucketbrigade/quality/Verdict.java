package io.bucketbrigade.quality;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of a rule.
 *
 * @param table the table that it is for
 * @param rule the rule
 * @param measured the number that was measured: of rules of rows the share of those that keep it; null if there is none, because there are no rows
 * @param isPassed whether the rule is kept
 * @param samples some of the rows that break it
 */
record Verdict(
        String table,
        Rule rule,
        @Nullable Double measured,
        boolean isPassed,
        List<Map<String, @Nullable Object>> samples) {
    private static final int DECIMALS = 6;

    Verdict {
        samples = List.copyOf(samples);
    }

    /**
     * A verdict.
     *
     * @param measured the number; null or not a number if there is none
     */
    static Verdict of(String table, Rule rule, @Nullable Double measured, List<Map<String, @Nullable Object>> samples) {
        Double number = measured == null || measured.isNaN() || measured.isInfinite() ? null : measured;
        Condition limit = rule.limit();
        boolean isPassed = number != null && (limit == null ? number == 1 : limit.isMetBy(number));
        return new Verdict(table, rule, number, isPassed, samples);
    }

    boolean breaks(Severity severity) {
        return !isPassed && rule.severity() == severity;
    }

    /** The rule, what was measured, and what was expected. */
    String words() {
        return table + ": " + rule.text() + " measured " + number() + ", expected " + rule.expectation();
    }

    /** Cut, not rounded: a share of nearly all rows must not read as all. */
    private String number() {
        return measured == null
                ? "nothing, for there are no rows"
                : BigDecimal.valueOf(measured)
                        .setScale(DECIMALS, RoundingMode.DOWN)
                        .stripTrailingZeros()
                        .toPlainString();
    }
}
