package io.bucketbrigade.quality;

import io.bucketbrigade.lake.DuckSession;
import io.bucketbrigade.quality.Condition.Operator;
import io.bucketbrigade.quality.Operand.OperandType;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A condition for the values of a column in SQL, which is never NULL: as with AWS, a missing value keeps only a condition with not or !=. */
final class ConditionSql {
    private static final Pattern NUMERIC = Pattern.compile("\\w*INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*");

    private final Condition condition;
    private final LocalDateTime now;

    /** @param now what now() is */
    ConditionSql(Condition condition, LocalDateTime now) {
        this.condition = condition;
        this.now = now;
    }

    /** Of the seconds since the time in a column. */
    String ofAge(String column) {
        return met(column, "epoch(TIMESTAMP '" + now + "' - try_cast(" + column + " AS TIMESTAMP))", false);
    }

    /**
     * Of a value. Times are compared by day, as AWS does; with numbers, a text is compared as the number that it is.
     *
     * @param type the column's in DuckDB
     */
    String ofValue(String column, String type) {
        boolean isTime = type.startsWith("TIMESTAMP") || type.equals("DATE");
        if (isAny(OperandType.FROM_NOW) || (isTime && isAny(OperandType.TEXT) && !isPattern())) {
            return met(column, "try_cast(" + column + " AS DATE)", true);
        }
        if (isAny(OperandType.NUMBER)) {
            return met(column, NUMERIC.matcher(type).matches() ? column : "try_cast(" + column + " AS DOUBLE)", false);
        }
        return met(column, "CAST(" + column + " AS VARCHAR)", false);
    }

    private boolean isAny(OperandType type) {
        return condition.operands().stream().anyMatch(operand -> operand.is(type));
    }

    private boolean isPattern() {
        return condition.operator() == Operator.MATCHES || condition.operator() == Operator.NOT_MATCHES;
    }

    /** @param isDay whether the value is a day, so that texts that it is compared with are days */
    private String met(String column, String value, boolean isDay) {
        List<String> operands = condition.operands().stream()
                .filter(operand -> !isKeyword(operand))
                .map(operand -> literal(operand, isDay))
                .toList();
        String first = operands.isEmpty() ? "NULL" : operands.get(0);
        String last = operands.isEmpty() ? "NULL" : operands.get(operands.size() - 1);
        String test =
                switch (condition.operator()) {
                    case EQUAL, IN, NOT_EQUAL, NOT_IN -> isOneOf(column, value, operands);
                    case MORE -> value + " > " + first;
                    case AT_LEAST -> value + " >= " + first;
                    case LESS -> value + " < " + first;
                    case AT_MOST -> value + " <= " + first;
                    case BETWEEN -> value + " > " + first + " AND " + value + " < " + last;
                    case NOT_BETWEEN -> value + " <= " + first + " OR " + value + " >= " + last;
                    case MATCHES -> "regexp_full_match(" + value + ", " + first + ")";
                    case NOT_MATCHES -> "NOT regexp_full_match(" + value + ", " + first + ")";
                };
        return (condition.operator().isOpposite() ? "(NOT " : "(") + "coalesce(" + test + ", false))";
    }

    private String isOneOf(String column, String value, List<String> operands) {
        String text = "CAST(" + column + " AS VARCHAR)";
        List<String> any = new ArrayList<>();
        if (isAny(OperandType.NULL)) {
            any.add(column + " IS NULL");
        }
        if (isAny(OperandType.EMPTY)) {
            any.add(text + " = ''");
        }
        if (isAny(OperandType.WHITESPACES_ONLY)) {
            any.add("regexp_full_match(" + text + ", '\\s+')");
        }
        if (!operands.isEmpty()) {
            any.add(value + operands.stream().collect(Collectors.joining(", ", " IN (", ")")));
        }
        return String.join(" OR ", any);
    }

    private static boolean isKeyword(Operand operand) {
        return operand.is(OperandType.NULL)
                || operand.is(OperandType.EMPTY)
                || operand.is(OperandType.WHITESPACES_ONLY);
    }

    private String literal(Operand operand, boolean isDay) {
        return switch (operand.type()) {
            case FROM_NOW ->
                "DATE '" + now.plusSeconds(Long.parseLong(operand.text())).toLocalDate() + "'";
            case TEXT -> (isDay ? "DATE " : "") + DuckSession.quoted(operand.text());
            default -> operand.text();
        };
    }
}
