package io.bucketbrigade.checking;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.registry.YamlNodes;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.streams.StreamBatch;
import io.bucketbrigade.streams.StreamComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * What the routes of a file set, and which routes, beans and SQL they use.
 *
 * @param file the file
 * @param variables the variables that are set; a name that is put together for each message is kept as it is written
 * @param headers the headers that are set
 * @param calls the names behind {@code direct:} that are mentioned, those with which routes begin among them
 * @param begins those with which routes begin
 * @param beans the beans that are mentioned
 * @param defined the beans that are defined
 * @param sql the files with SQL that are used
 */
record FileFacts(
        RouteFile file,
        Set<String> variables,
        Set<String> headers,
        Set<String> calls,
        Set<String> begins,
        Set<String> beans,
        Set<String> defined,
        Set<Path> sql) {
    private static final Pattern CALL = Pattern.compile("\\bdirect:(?://)?([^?,\\s\"']+)");
    private static final Pattern BEAN =
            Pattern.compile("(?:#(?:bean:)?|\\bref:|\\$\\{(?:bean:|ref:))([A-Za-z][\\w-]*)");
    private static final Pattern IN_TEXT = Pattern.compile("\\bset(Variable|Header)\\(\\s*['\"]?([\\w.-]+)");
    private static final Pattern OUTPUT = Pattern.compile("[?&]outputHeader=([\\w-]+)");
    /** Which key below another one names a variable that is set; a parameter of a kamelet may do so. */
    private static final Map<String, String> VARIABLES =
            Map.of("setVariable", "name", "variables", "name", "convertVariableTo", "toName", "parameters", "variable");

    private static final Map<String, String> HEADERS =
            Map.of("setHeader", "name", "headers", "name", "convertHeaderTo", "toName");

    static FileFacts of(RouteFile file, KnownNames known) {
        FileFacts facts = new FileFacts(
                file,
                new TreeSet<>(),
                new TreeSet<>(String.CASE_INSENSITIVE_ORDER),
                new HashSet<>(),
                new HashSet<>(),
                new HashSet<>(),
                new HashSet<>(),
                new TreeSet<>());
        facts.collect("", file.root(), known);
        Texts.below(file.root(), (key, scalar) -> facts.collectText(key, scalar, known));
        return facts;
    }

    private void collect(String key, @Nullable Node node, KnownNames known) {
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> collect(key, item, known));
        } else if (node instanceof MappingNode mapping) {
            addName(variables, YamlNodes.text(mapping, VARIABLES.getOrDefault(key, "variableReceive")), known);
            addName(headers, HEADERS.containsKey(key) ? YamlNodes.text(mapping, HEADERS.get(key)) : null, known);
            String uri = YamlNodes.text(mapping, "uri");
            addName(defined, key.equals("beans") ? YamlNodes.text(mapping, "name") : null, known);
            EndpointUri from = EndpointUri.of(key.equals("from") && uri != null ? known.resolved(uri) : "");
            if (from.scheme().equals("direct")) {
                begins.add(from.path());
            } else if (from.scheme().equals("claim")) {
                variables.add(Work.VARIABLE);
            } else if (from.scheme().equals(StreamComponent.SCHEME)) {
                variables.add(StreamBatch.VARIABLE);
            }
            mapping.getValue()
                    .forEach(entry ->
                            collect(String.valueOf(YamlNodes.text(entry.getKeyNode())), entry.getValueNode(), known));
        }
    }

    private static void addName(Set<String> names, @Nullable String name, KnownNames known) {
        if (name != null) {
            names.add(known.resolved(name));
        }
    }

    private void collectText(String key, ScalarNode scalar, KnownNames known) {
        String text = known.resolved(scalar.getValue());
        if (key.equals("ref")) {
            beans.add(text);
        } else if (key.equals("outputHeader")) {
            headers.add(text);
        }
        OUTPUT.matcher(text).results().forEach(found -> headers.add(found.group(1)));
        BEAN.matcher(text).results().forEach(found -> beans.add(found.group(1)));
        CALL.matcher(text).results().forEach(found -> calls.add(found.group(1)));
        IN_TEXT.matcher(text).results().forEach(found -> (found.group(1).equals("Variable") ? variables : headers)
                .add(found.group(2)));
        Matcher named = ResourceCheck.NAMED.matcher(scalar.getValue());
        while (named.find()) {
            String name = known.resolved(ResourceCheck.named(named));
            if (name.endsWith(".sql") && !KnownNames.isDecidedLater(name)) {
                Path path = FilePaths.of(name);
                if (Files.isRegularFile(path)) {
                    sql.add(path);
                }
            }
        }
    }

    /** Whether it may call a route of another file. */
    boolean calls(FileFacts other) {
        return calls.stream().anyMatch(call -> other.begins().stream()
                .anyMatch(begin -> KnownNames.fits(call, begin) || KnownNames.fits(begin, call)));
    }

    /** Whether it mentions a bean that another file defines. */
    boolean usesBeanOf(FileFacts other) {
        return other.defined().stream().anyMatch(beans::contains);
    }
}
