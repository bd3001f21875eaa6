package io.bucketbrigade.quality;

import io.bucketbrigade.quality.Condition.Operator;
import io.bucketbrigade.quality.DqdlToken.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the conditions of rules. */
final class DqdlConditions {
    private static final Map<String, Operator> SYMBOLS = Map.of(
            "=", Operator.EQUAL,
            "!=", Operator.NOT_EQUAL,
            ">", Operator.MORE,
            ">=", Operator.AT_LEAST,
            "<", Operator.LESS,
            "<=", Operator.AT_MOST);
    private static final Map<String, Operator> WORDS =
            Map.of("between", Operator.BETWEEN, "in", Operator.IN, "matches", Operator.MATCHES);
    private static final Map<Operator, Operator> OPPOSITES = Map.of(
            Operator.BETWEEN,
            Operator.NOT_BETWEEN,
            Operator.IN,
            Operator.NOT_IN,
            Operator.MATCHES,
            Operator.NOT_MATCHES);
    private static final Map<String, Operand.OperandType> KEYWORDS = Map.of(
            "NULL", Operand.OperandType.NULL,
            "null", Operand.OperandType.NULL,
            "EMPTY", Operand.OperandType.EMPTY,
            "empty", Operand.OperandType.EMPTY,
            "WHITESPACES_ONLY", Operand.OperandType.WHITESPACES_ONLY,
            "whitespaces_only", Operand.OperandType.WHITESPACES_ONLY);
    private static final Map<String, Integer> SECONDS = Map.of("days", 86_400, "hours", 3_600, "minutes", 60);
    private static final String COMPARISON = "=, !=, >, >=, <, <=, between, in, matches or not";

    private final DqdlTokens tokens;

    DqdlConditions(DqdlTokens tokens) {
        this.tokens = tokens;
    }

    /** The condition that follows, if one does. */
    Optional<Condition> next() {
        String text = tokens.peek().text();
        boolean isOne = !tokens.isAt(TokenType.TEXT)
                && (SYMBOLS.containsKey(text) || WORDS.containsKey(text) || text.equals("not"));
        return isOne ? Optional.of(condition()) : Optional.empty();
    }

    /** The condition that must follow. */
    Condition required() {
        return next().orElseThrow(() -> tokens.expected(COMPARISON));
    }

    private Condition condition() {
        boolean isNot = tokens.passed("not");
        String text = tokens.peek().text();
        Operator operator = isNot ? WORDS.get(text) : SYMBOLS.getOrDefault(text, WORDS.get(text));
        if (operator == null) {
            throw tokens.expected("between, in or matches");
        }
        tokens.next();
        List<Operand> operands = new ArrayList<>();
        switch (operator) {
            case BETWEEN -> {
                operands.add(operand());
                if (!tokens.passed("AND")) {
                    tokens.expect("and");
                }
                operands.add(operand());
            }
            case IN -> {
                tokens.expect("[");
                do {
                    operands.add(operand());
                } while (tokens.passed(","));
                tokens.expect("]");
            }
            case MATCHES ->
                operands.add(new Operand(
                        Operand.OperandType.TEXT,
                        tokens.expect(TokenType.TEXT, "a regular expression in quotes")
                                .unquoted()));
            default -> operands.add(operand());
        }
        return new Condition(isNot ? OPPOSITES.getOrDefault(operator, operator) : operator, operands);
    }

    private Operand operand() {
        if (tokens.isAt(TokenType.TEXT)) {
            return new Operand(Operand.OperandType.TEXT, tokens.next().unquoted());
        }
        if (tokens.isAt(TokenType.NUMBER)) {
            String number = tokens.next().text();
            Integer seconds =
                    tokens.isAt(TokenType.WORD) ? SECONDS.get(tokens.peek().text()) : null;
            return seconds == null
                    ? new Operand(Operand.OperandType.NUMBER, number)
                    : new Operand(Operand.OperandType.DURATION, seconds(number, 1));
        }
        if (tokens.isAt("now") || tokens.isAt("(")) {
            return fromNow();
        }
        Operand.OperandType keyword = KEYWORDS.get(tokens.peek().text());
        if (keyword == null) {
            throw tokens.expected("a number, a text in quotes, now(), NULL, EMPTY or WHITESPACES_ONLY");
        }
        return new Operand(keyword, tokens.next().text());
    }

    private Operand fromNow() {
        boolean isGroup = tokens.passed("(");
        tokens.expect("now");
        tokens.expect("(");
        tokens.expect(")");
        if (!isGroup) {
            return new Operand(Operand.OperandType.FROM_NOW, "0");
        }
        // The tokens of 'now() -3 days' have the sign in the number.
        boolean isSigned = tokens.peek().text().startsWith("-") && tokens.isAt(TokenType.NUMBER);
        int sign = tokens.passed("-") ? -1 : 1;
        if (sign == 1 && !isSigned) {
            tokens.expect("+");
        }
        String seconds = seconds(tokens.expect(TokenType.NUMBER, "a number").text(), sign);
        tokens.expect(")");
        return new Operand(Operand.OperandType.FROM_NOW, seconds);
    }

    private String seconds(String number, int sign) {
        Integer unit = SECONDS.get(tokens.peek().text());
        if (unit == null) {
            throw tokens.expected("days, hours or minutes");
        }
        if (number.indexOf('.') >= 0 || number.length() > 9) {
            throw tokens.problem(
                    tokens.peek().line(),
                    "expected a whole number of " + tokens.peek().text());
        }
        tokens.next();
        return Long.toString(sign * Long.parseLong(number) * unit);
    }
}
