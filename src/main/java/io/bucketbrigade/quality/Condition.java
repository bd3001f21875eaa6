package io.bucketbrigade.quality;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A comparison.
 *
 * @param operator how
 * @param operands with what; the bounds of between are not within it, as AWS has it
 */
record Condition(Operator operator, List<Operand> operands) {
    enum Operator {
        EQUAL,
        NOT_EQUAL,
        MORE,
        AT_LEAST,
        LESS,
        AT_MOST,
        BETWEEN,
        NOT_BETWEEN,
        IN,
        NOT_IN,
        MATCHES,
        NOT_MATCHES;

        /** Whether it is the opposite of another one, which a missing value keeps. */
        boolean isOpposite() {
            return this == NOT_EQUAL || this == NOT_IN;
        }
    }

    Condition {
        operands = List.copyOf(operands);
    }

    /** Whether all operands are of a type. */
    boolean hasOnly(Operand.OperandType type) {
        return operands.stream().allMatch(operand -> operand.is(type));
    }

    /** Whether a number meets it; no comparison is met by what is not a number. */
    boolean isMetBy(double number) {
        if (Double.isNaN(number)) {
            return false;
        }
        double first = number(0);
        return switch (operator) {
            case EQUAL, IN -> operands.stream().anyMatch(operand -> Double.parseDouble(operand.text()) == number);
            case NOT_EQUAL, NOT_IN ->
                operands.stream().noneMatch(operand -> Double.parseDouble(operand.text()) == number);
            case MORE -> number > first;
            case AT_LEAST -> number >= first;
            case LESS -> number < first;
            case AT_MOST -> number <= first;
            case BETWEEN -> number > first && number < number(1);
            case NOT_BETWEEN -> number <= first || number >= number(1);
            case MATCHES, NOT_MATCHES -> throw new IllegalStateException("numbers are not matched");
        };
    }

    private double number(int at) {
        return Double.parseDouble(operands.get(at).text());
    }

    /** What a number must be, in words. */
    String words() {
        String first = operands.get(0).text();
        String last = operands.get(operands.size() - 1).text();
        String all = operands.stream().map(Operand::text).collect(Collectors.joining(", "));
        return switch (operator) {
            case EQUAL -> first;
            case NOT_EQUAL -> "anything but " + first;
            case MORE -> "more than " + first;
            case AT_LEAST -> "at least " + first;
            case LESS -> "less than " + first;
            case AT_MOST -> "at most " + first;
            case BETWEEN -> "more than " + first + " and less than " + last;
            case NOT_BETWEEN -> "at most " + first + ", or at least " + last;
            case IN -> "one of " + all;
            case NOT_IN -> "none of " + all;
            case MATCHES, NOT_MATCHES -> throw new IllegalStateException("numbers are not matched");
        };
    }
}
