package io.bucketbrigade.checking;

import io.bucketbrigade.problems.Suggestion;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Warns of names that Camel would take for null: variables that no step of any file sets, and headers in the SQL of a call that neither a
 * step nor a parameter of the call sets. The order of steps and what beans set are unknown here, so no more than a warning is certain.
 */
final class UnsetNameCheck {
    /** Set by the program, for routes that it calls. */
    private static final Set<String> OF_PROGRAM = Set.of("bucket", "resultFolder", "resultName", "trigger");
    /** Sent by clients though no contract describes them, as are all names with a hyphen. */
    private static final Set<String> OF_HTTP = ignoringCase(Set.of(
            "accept",
            "authorization",
            "b3",
            "baggage",
            "connection",
            "cookie",
            "date",
            "dnt",
            "expect",
            "forwarded",
            "from",
            "host",
            "origin",
            "pragma",
            "priority",
            "range",
            "referer",
            "te",
            "traceparent",
            "tracestate",
            "trailer",
            "upgrade",
            "via",
            "warning"));

    private final Map<String, Set<String>> operations;
    private final Faults faults;
    private final List<FileFacts> all;

    /**
     * @param files all files
     * @param operations the names of the parameters of each operation of the contract
     */
    UnsetNameCheck(List<RouteFile> files, KnownNames known, Map<String, Set<String>> operations, Faults faults) {
        this.operations = Map.copyOf(operations);
        this.faults = faults;
        this.all = files.stream().map(file -> FileFacts.of(file, known)).toList();
    }

    void check() {
        variables();
        headers();
    }

    private void variables() {
        Set<String> set = new TreeSet<>(OF_PROGRAM);
        all.forEach(facts -> set.addAll(facts.variables()));
        all.stream()
                .filter(facts -> facts.file().isChecked())
                .flatMap(facts -> Stream.concat(
                        NameUse.inRoutes(facts.file(), NameUse.VARIABLE, false).stream(),
                        facts.sql().stream().flatMap(sql -> NameUse.inSql(sql, NameUse.VARIABLE).stream())))
                .forEach(use -> require(use, set, "no step was found that sets the variable " + use.name()));
    }

    private void require(NameUse use, Set<String> set, String what) {
        if (set.stream().noneMatch(KnownNames::isDecidedLater) && !use.isAmong(set)) {
            faults.warning(use.file(), use.line(), what + Suggestion.of(use.name(), set));
        }
    }

    private void headers() {
        Set<String> set = ignoringCase(OF_HTTP);
        all.forEach(facts -> set.addAll(facts.headers()));
        Map<NameUse, Set<String>> sent = new TreeMap<>();
        operations.forEach((operation, parameters) -> answering(operation).stream()
                .filter(facts -> facts.file().isChecked())
                .flatMap(UnsetNameCheck::headersInSql)
                .filter(use -> !use.name().contains("-") && !use.name().startsWith("Camel"))
                .forEach(use ->
                        sent.computeIfAbsent(use, first -> ignoringCase(set)).addAll(parameters)));
        sent.forEach((use, names) -> require(
                use,
                names,
                "the call has no parameter " + use.name() + ", and no step was found that sets a header of that name"));
    }

    /** The files with the routes that answer a call, as far as routes name each other. */
    private Set<FileFacts> answering(String operation) {
        Set<FileFacts> found = new LinkedHashSet<>();
        all.stream().filter(facts -> facts.begins().contains(operation)).forEach(found::add);
        Deque<FileFacts> open = new ArrayDeque<>(found);
        while (!open.isEmpty()) {
            FileFacts one = open.remove();
            all.stream()
                    .filter(other -> (one.calls(other) || one.usesBeanOf(other)) && found.add(other))
                    .forEach(open::add);
        }
        return found;
    }

    private static Stream<NameUse> headersInSql(FileFacts facts) {
        return Stream.concat(
                NameUse.inRoutes(facts.file(), NameUse.HEADER, true).stream(),
                facts.sql().stream().flatMap(sql -> NameUse.inSql(sql, NameUse.HEADER).stream()));
    }

    private static Set<String> ignoringCase(Set<String> names) {
        Set<String> sorted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        sorted.addAll(names);
        return sorted;
    }
}
