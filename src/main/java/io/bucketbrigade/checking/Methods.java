package io.bucketbrigade.checking;

import io.bucketbrigade.problems.Suggestion;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.TypeConverter;
import org.apache.camel.spi.Registry;

/** The methods of a bean that a route can call. */
final class Methods {
    private static final Pattern CALL = Pattern.compile("(\\w+)\\s*(?:\\((.*)\\))?", Pattern.DOTALL);
    /** What Camel passes by itself. */
    private static final Set<Class<?>> PASSED =
            Set.of(Exchange.class, Message.class, CamelContext.class, TypeConverter.class, Registry.class);

    private Methods() {}

    /** The names of a class's methods. */
    static List<String> names(Class<?> type) {
        return Stream.of(type.getMethods())
                .filter(method -> method.getDeclaringClass() != Object.class)
                .map(Method::getName)
                .distinct()
                .toList();
    }

    /** What is wrong with a call such as {@code read(${body}, 'x')}; empty if nothing is for certain. */
    static Optional<String> wrong(Class<?> type, String call) {
        Matcher matcher = CALL.matcher(call.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String name = matcher.group(1);
        List<Method> methods = Stream.of(type.getMethods())
                .filter(method -> method.getName().equals(name))
                .toList();
        if (methods.isEmpty()) {
            return Optional.of(type.getSimpleName() + " has no method " + name + Suggestion.of(name, names(type)));
        }
        if (matcher.group(2) == null) {
            return Optional.empty();
        }
        int given = count(matcher.group(2));
        if (methods.stream().anyMatch(method -> takes(method, given))) {
            return Optional.empty();
        }
        List<String> wanted = methods.stream()
                .map(Method::getParameterCount)
                .distinct()
                .sorted()
                .map(String::valueOf)
                .toList();
        return Optional.of(type.getSimpleName() + "." + name + " is called with " + given
                + (given == 1 ? " argument" : " arguments") + "; it takes " + String.join(" or ", wanted));
    }

    private static boolean takes(Method method, int given) {
        Parameter[] parameters = method.getParameters();
        if (method.isVarArgs()) {
            return true;
        }
        return given == 0
                ? parameters.length == 0
                : given <= parameters.length
                        && Stream.of(parameters).skip(given).allMatch(Methods::isPassedByItself);
    }

    private static boolean isPassedByItself(Parameter parameter) {
        return PASSED.stream().anyMatch(type -> type.isAssignableFrom(parameter.getType()))
                || Stream.of(parameter.getAnnotations())
                        .map(Annotation::annotationType)
                        .anyMatch(type -> type.getPackageName().startsWith("org.apache.camel"));
    }

    /** How many arguments there are between the parentheses: commas in quotes, braces and parentheses separate none. */
    private static int count(String arguments) {
        if (arguments.isBlank()) {
            return 0;
        }
        int count = 1;
        int depth = 0;
        char quote = 0;
        for (int at = 0; at < arguments.length(); at++) {
            char c = arguments.charAt(at);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(' || c == '{' || c == '[') {
                depth++;
            } else if (c == ')' || c == '}' || c == ']') {
                depth--;
            } else if (c == ',' && depth == 0) {
                count++;
            }
        }
        return count;
    }
}
