package io.bucketbrigade.quality;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.quality.DqdlToken.TokenType;
import io.bucketbrigade.quality.RuleKind.Expected;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads rules in DQDL, AWS Glue's data quality definition language, as far as it is supported. */
final class DqdlParser {
    private static final String LABEL = "severity";
    private static final String SECTIONS = "DataSources, DefaultLabels or Rules";

    private final DqdlTokens tokens;
    private final DqdlConditions conditions;

    /** @param file how the file is called in errors */
    DqdlParser(String file, String text) {
        this.tokens = new DqdlTokens(file, text);
        this.conditions = new DqdlConditions(tokens);
    }

    /** @throws Problem if something is wrong, with its line */
    List<Ruleset> rulesets() {
        List<Ruleset> all = new ArrayList<>();
        Set<String> tables = new HashSet<>();
        do {
            int line = tokens.peek().line();
            Ruleset one = ruleset();
            if (!tables.add(one.table())) {
                throw tokens.problem(line, "the table " + one.table() + " is repeated; put its rules together");
            }
            all.add(one);
        } while (!tokens.isAtEnd());
        return all;
    }

    private Ruleset ruleset() {
        String table = null;
        Severity severity = Severity.ERROR;
        while (true) {
            DqdlToken section = tokens.expect(TokenType.WORD, SECTIONS);
            if (section.is("Analyzers")) {
                throw tokens.problem(
                        section.line(), "Analyzers are AWS's, but not supported here; write rules instead");
            }
            if (!Set.of("Metadata", "DataSources", "DefaultLabels", "Rules").contains(section.text())) {
                throw tokens.problem(section.line(), "expected " + SECTIONS + ", but there is " + section.text());
            }
            tokens.expect("=");
            switch (section.text()) {
                case "Metadata" -> dictionary();
                case "DataSources" -> table = dictionary().get("Primary");
                case "DefaultLabels" -> severity = labels(severity);
                default -> {
                    return new Ruleset(known(table, section.line()), rules(severity));
                }
            }
        }
    }

    private String known(@Nullable String table, int line) {
        if (table == null) {
            throw tokens.problem(
                    line,
                    "it is not said which table the rules are for; expected DataSources = { \"Primary\": \"TABLE\" } in front of them");
        }
        return table;
    }

    private Map<String, String> dictionary() {
        Map<String, String> all = new HashMap<>();
        tokens.expect("{");
        do {
            String key = tokens.expect(TokenType.TEXT, "a key in quotes").unquoted();
            tokens.expect(":");
            if (tokens.passed("[")) {
                do {
                    tokens.expect(TokenType.TEXT, "a text in quotes");
                } while (tokens.passed(","));
                tokens.expect("]");
            } else {
                all.put(key, tokens.expect(TokenType.TEXT, "a text in quotes").unquoted());
            }
        } while (tokens.passed(","));
        tokens.expect("}");
        return all;
    }

    private Severity labels(Severity otherwise) {
        Severity severity = otherwise;
        tokens.expect("[");
        do {
            String key =
                    tokens.expect(TokenType.TEXT, "a label's name in quotes").unquoted();
            tokens.expect("=");
            DqdlToken value = tokens.expect(TokenType.TEXT, "a label's value in quotes");
            if (key.equals(LABEL)) {
                severity = switch (value.unquoted()) {
                    case "error" -> Severity.ERROR;
                    case "warn" -> Severity.WARN;
                    default ->
                        throw tokens.problem(
                                value.line(),
                                "expected \"error\" or \"warn\" as severity, but there is " + value.text());
                };
            }
        } while (tokens.passed(","));
        tokens.expect("]");
        return severity;
    }

    private List<Rule> rules(Severity severity) {
        List<Rule> rules = new ArrayList<>();
        Set<String> texts = new HashSet<>();
        tokens.expect("[");
        do {
            Rule rule = rule(severity);
            if (!texts.add(rule.text())) {
                throw tokens.problem(rule.line(), "the rule " + rule.text() + " is repeated");
            }
            rules.add(rule);
        } while (tokens.passed(","));
        if (!tokens.isAt("]")) {
            throw tokens.expected(", or ] after a rule");
        }
        tokens.next();
        return rules;
    }

    private Rule rule(Severity otherwise) {
        int begin = tokens.position();
        int line = tokens.peek().line();
        if (tokens.isAt("(")) {
            throw tokens.problem(
                    line,
                    "rules joined by and or or are AWS's, but not supported here; write each as a rule of its own, or CustomSql");
        }
        RuleKind kind = kind(tokens.expect(TokenType.WORD, "a rule"));
        List<String> parameters = new ArrayList<>();
        while (tokens.passed("of") || tokens.isAt(TokenType.TEXT)) {
            parameters.add(tokens.expect(TokenType.TEXT, "a name in quotes").unquoted());
        }
        if (parameters.size() != kind.parameters()) {
            throw tokens.problem(
                    line,
                    "expected " + expected(kind.parameters()) + " in quotes after " + kind.word() + ", but there "
                            + (parameters.size() == 1 ? "is 1" : "are " + parameters.size()));
        }
        Condition condition = kind.expected() == Expected.NOTHING ? null : fitting(kind, line, conditions.required());
        String where = null;
        if (tokens.isAt("where")) {
            where = where(kind);
        }
        Condition threshold = null;
        if (tokens.passed("with")) {
            tokens.expect("threshold");
            threshold = threshold(kind, line);
        }
        String text = tokens.since(begin);
        Severity severity = otherwise;
        if (tokens.passed("labels")) {
            tokens.expect("=");
            severity = labels(otherwise);
        }
        return new Rule(line, text, kind, parameters, condition, where, threshold, severity);
    }

    private static String expected(int parameters) {
        return switch (parameters) {
            case 0 -> "nothing";
            case 1 -> "one text";
            default -> parameters + " texts";
        };
    }

    private RuleKind kind(DqdlToken token) {
        return RuleKind.of(token.text())
                .orElseThrow(() -> tokens.problem(
                        token.line(),
                        RuleKind.OTHERS.contains(token.text())
                                ? "the rule type " + token.text() + " is AWS's, but not supported here; there are: "
                                        + String.join(", ", RuleKind.words())
                                : "there is no rule type " + token.text()
                                        + Suggestion.of(token.text(), RuleKind.words())));
    }

    private String where(RuleKind kind) {
        if (!kind.isOfRows() && kind != RuleKind.ROW_COUNT) {
            throw tokens.problem(tokens.peek().line(), kind.word() + " takes no where");
        }
        tokens.next();
        return tokens.expect(TokenType.TEXT, "a condition in SQL, in quotes").unquoted();
    }

    private Condition threshold(RuleKind kind, int line) {
        Condition threshold = conditions.required();
        if (kind != RuleKind.COLUMN_VALUES) {
            throw tokens.problem(line, "only ColumnValues takes a threshold");
        }
        if (!threshold.hasOnly(Operand.OperandType.NUMBER)) {
            throw tokens.problem(line, "expected numbers as threshold, such as with threshold > 0.95");
        }
        return threshold;
    }

    private Condition fitting(RuleKind kind, int line, Condition condition) {
        switch (kind.expected()) {
            case NUMBERS -> {
                if (!condition.hasOnly(Operand.OperandType.NUMBER)) {
                    throw tokens.problem(line, "expected a number to compare with after " + kind.word());
                }
            }
            case DURATIONS -> {
                if (!condition.hasOnly(Operand.OperandType.DURATION)) {
                    throw tokens.problem(line, "expected a duration after " + kind.word() + ", such as 7 days");
                }
            }
            default -> {
                if (condition.operands().stream().anyMatch(operand -> operand.is(Operand.OperandType.DURATION))) {
                    throw tokens.problem(line, "a value is not a duration; expected such as (now() - 7 days)");
                }
            }
        }
        return condition;
    }
}
