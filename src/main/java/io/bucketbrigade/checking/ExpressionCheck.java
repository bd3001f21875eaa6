package io.bucketbrigade.checking;

import io.bucketbrigade.problems.Problems;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import org.apache.camel.CamelContext;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.language.simple.SimpleExpressionParser;
import org.apache.camel.language.simple.SimplePredicateParser;
import org.apache.camel.language.simple.types.SimpleIllegalSyntaxException;
import org.apache.camel.language.simple.types.SimpleParserException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Checks that expressions can be parsed, and that their languages and data formats are part of the program. */
final class ExpressionCheck {
    private static final Set<String> CONDITIONS =
            Set.of("FilterDefinition", "WhenDefinition", "ValidateDefinition", "OnWhenDefinition");
    private static final Set<String> CONDITION_KEYS =
            Set.of("handled", "continued", "retryWhile", "completionPredicate");

    private final CamelContext context;
    private final Faults faults;
    private final SortedSet<String> languages = Components.ofProgram("language").names();
    private final SortedSet<String> formats = Components.ofProgram("dataFormat").names();

    ExpressionCheck(CamelContext context, Faults faults) {
        this.context = context;
        this.faults = faults;
    }

    void check(List<Element> elements) {
        for (Element element : elements) {
            switch (element.definition()) {
                case "SimpleExpression" ->
                    simple(element, element.at("expression"), element.textOr("expression"), isCondition(element));
                case "LogDefinition" -> simple(element, element.at("message"), element.textOr("message"), false);
                case "ToDynamicDefinition" -> simple(element, element.at("uri"), element.textOr("uri"), false);
                case "RouteDefinition" -> precondition(element);
                case "BeanDefinition", "MethodCallExpression" ->
                    simple(element, element.at("method"), element.text("method"), false);
                default -> library(element);
            }
        }
    }

    private void precondition(Element route) {
        String text = route.text("precondition");
        if (text != null) {
            simple(route, route.at("precondition"), text, true);
        }
    }

    private static boolean isCondition(Element expression) {
        Element owner = expression.owner();
        Element around = expression.parent();
        if (owner == null || around == null) {
            return false;
        }
        boolean endless = owner.definition().equals("LoopDefinition") && "true".equals(owner.text("doWhile"));
        return endless || CONDITIONS.contains(owner.definition()) || CONDITION_KEYS.contains(around.key());
    }

    private void simple(Element element, Node at, @Nullable String text, boolean isCondition) {
        if (text == null || text.isEmpty() || text.startsWith("resource:")) {
            return;
        }
        String plain = text.replaceAll("\\{\\{[^{}]*}}", "1");
        try {
            if (isCondition) {
                new SimplePredicateParser(context, plain, true, null).parsePredicate();
            } else {
                new SimpleExpressionParser(context, plain, true, null).parseExpression();
            }
        } catch (ExpressionIllegalSyntaxException | SimpleParserException wrong) {
            faults.error(
                    element.file(), at, "'" + text.strip() + "' is not a valid simple expression" + why(wrong, plain));
        }
    }

    private static String why(RuntimeException wrong, String text) {
        String message = Problems.firstLine(wrong.getMessage());
        if (message.startsWith("Unknown function: ")) {
            return ": there is no function "
                    + message.substring("Unknown function: ".length()).replaceAll(" at location.*", "");
        }
        int at = wrong instanceof SimpleIllegalSyntaxException syntax
                ? syntax.getIndex()
                : wrong instanceof SimpleParserException parser ? parser.getIndex() : -1;
        long opened = text.chars().filter(c -> c == '{').count();
        long closed = text.chars().filter(c -> c == '}').count();
        if (opened > closed) {
            return ": a closing } is missing";
        }
        return at < 0 ? "" : ": it can't be parsed from character " + (at + 1) + " onwards";
    }

    private void library(Element element) {
        String key = element.key();
        if (element.isExpression() && !element.definition().equals("MethodCallExpression")) {
            if (!languages.contains(key) && Character.isLowerCase(key.charAt(0)) && !key.equals("expression")) {
                faults.error(
                        element.file(),
                        element.node(),
                        "the language " + key + " is not in the program; known are " + String.join(", ", languages));
            }
        } else if (element.definition().endsWith("DataFormat") && !hasFormat(key)) {
            faults.error(
                    element.file(),
                    element.node(),
                    "the data format " + key + " is not in the program; there " + (formats.size() == 1 ? "is " : "are ")
                            + String.join(", ", formats));
        }
    }

    /** The formats of a library may be called {@code json-jackson} where routes write {@code json}. */
    private boolean hasFormat(String key) {
        String name = key.toLowerCase(Locale.ROOT);
        return name.equals("custom")
                || formats.stream()
                        .map(format -> format.toLowerCase(Locale.ROOT))
                        .anyMatch(format -> format.replace("-", "").equals(name) || format.startsWith(name + "-"));
    }
}
