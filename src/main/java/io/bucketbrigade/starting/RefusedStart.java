package io.bucketbrigade.starting;

import io.bucketbrigade.files.FolderTree;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.util.URISupport;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Says which file and route Camel refuses at start, and why. */
final class RefusedStart {
    private static final Pattern FILE = Pattern.compile("file:(/[^\\s,;)\\]]+\\.yaml)");
    private static final Pattern SECOND =
            Pattern.compile("Multiple consumers for the same endpoint is not allowed: (\\S+)");
    private static final Pattern BEAN = Pattern.compile("Error creating bean: (\\S+) of type");

    private RefusedStart() {}

    /** The problem in words; the exception itself, if it says it already or has nothing to do with routes. */
    static Exception explain(Exception refusal, Settings settings) {
        if (Problems.of(refusal).kind() != Kind.INTERNAL) {
            return refusal;
        }
        Optional<String> route = route(refusal);
        Optional<String> bean = find(refusal, BEAN);
        Optional<String> file = find(refusal, FILE).or(() -> route.flatMap(id -> file(id, settings)));
        if (route.isEmpty() && file.isEmpty()) {
            return refusal;
        }
        int line = Problems.find(refusal, MarkedYamlEngineException.class)
                .flatMap(MarkedYamlEngineException::getProblemMark)
                .map(mark -> mark.getLine() + 1)
                .orElse(0);
        String place = file.map(name -> name + (line > 0 ? ", line " + line : "") + ": ")
                .orElse("");
        String what = bean.map(name -> "the bean " + name + " can't be created")
                .or(() -> route.map(id -> "the route " + id + " can't be started"))
                .orElse("it can't be loaded");
        return new Problem(
                Kind.USAGE,
                place + what + ": " + reason(refusal) + ". --verbose shows the details.",
                file.orElse(null),
                line,
                null,
                refusal);
    }

    private static Optional<String> route(Exception refusal) {
        return Problems.find(refusal, FailedToCreateRouteException.class)
                .map(FailedToCreateRouteException::getRouteId)
                .or(() -> Problems.find(refusal, FailedToStartRouteException.class)
                        .map(FailedToStartRouteException::getRouteId));
    }

    private static Optional<String> find(Exception refusal, Pattern pattern) {
        return Stream.iterate((Throwable) refusal, at -> at != null, Throwable::getCause)
                .map(at -> String.valueOf(at.getMessage()))
                .flatMap(message -> pattern.matcher(message).results())
                .map((MatchResult match) -> match.group(1))
                .findFirst();
    }

    /** The file that is called as the route. */
    private static Optional<String> file(String route, Settings settings) {
        return settings.routeFolders().stream()
                .flatMap(folder -> FolderTree.files(folder).stream())
                .filter(file -> file.endsWith(route + ".camel.yaml"))
                .map(Path::toString)
                .findFirst();
    }

    private static String reason(Exception refusal) {
        Optional<String> second = find(refusal, SECOND);
        if (second.isPresent()) {
            return "another route starts from " + second.get().replace("://", ":") + " already";
        }
        List<Throwable> chain = Stream.iterate((Throwable) refusal, at -> at != null, Throwable::getCause)
                .toList();
        for (int at = chain.size() - 1; at >= 0; at--) {
            Throwable thrown = chain.get(at);
            if (thrown instanceof NoSuchBeanException none) {
                return "there is no bean " + none.getName();
            }
            if (thrown instanceof TypeConversionException conversion) {
                return "a value given to it must be " + kind(conversion.getToType());
            }
            if (thrown instanceof PropertyBindingException binding) {
                return "it has no property " + binding.getPropertyName() + ", or that can't have this value";
            }
            if (thrown instanceof ResolveEndpointFailedException endpoint) {
                return "the address " + URISupport.sanitizeUri(endpoint.getUri()) + " is refused"
                        + (at == chain.size() - 1 ? "" : " (" + firstLine(chain.get(chain.size() - 1)) + ")");
            }
        }
        return firstLine(chain.get(chain.size() - 1));
    }

    private static String kind(Class<?> type) {
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        boolean isNumber = type.isPrimitive() || Number.class.isAssignableFrom(type);
        return isNumber ? "a number" : "a " + type.getSimpleName();
    }

    /** What the innermost cause says of itself, without secrets and without the full stop. */
    private static String firstLine(Throwable cause) {
        return cause.getClass().getSimpleName() + ": "
                + Problems.firstLine(URISupport.sanitizeUri(String.valueOf(cause.getMessage())));
    }
}
