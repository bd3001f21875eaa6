package io.bucketbrigade.checking;

import io.bucketbrigade.problems.Suggestion;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * Checks that what steps and SQL read is set somewhere: variables by a step of the pipeline, or of what calls it or is called by it; headers in
 * the SQL of a call by the contract or by a step. Camel takes what is not set for null.
 */
final class NullNameCheck {
    /** Sent by clients though no contract describes them, as are all names with a hyphen. */
    private static final Set<String> OF_HTTP = Set.of("accept", "authorization", "cookie", "host", "origin", "referer");

    private final KnownNames known;
    private final Set<String> plans;
    private final Map<String, Set<String>> operations;
    private final Faults faults;
    private final List<FileFacts> all;

    /**
     * @param files all files
     * @param plans the routes that plan the runs of pipelines
     * @param operations the names of the parameters of each operation of the contract
     */
    NullNameCheck(
            List<RouteFile> files,
            KnownNames known,
            Set<String> plans,
            Map<String, Set<String>> operations,
            Faults faults) {
        this.known = known;
        this.plans = Set.copyOf(plans);
        this.operations = Map.copyOf(operations);
        this.faults = faults;
        this.all = files.stream().map(file -> FileFacts.of(file, known)).toList();
    }

    void check() {
        all.stream()
                .filter(facts -> facts.file().isChecked() && !isCalledByProgram(facts))
                .forEach(this::variables);
        headers();
    }

    /** What the program calls, a command for instance, may find variables that no step sets. */
    private boolean isCalledByProgram(FileFacts facts) {
        return facts.begins().stream()
                .anyMatch(name -> !operations.containsKey(name)
                        && !plans.contains(facts.file().name())
                        && all.stream().noneMatch(other -> !other.equals(facts) && other.names(name)));
    }

    private void variables(FileFacts facts) {
        List<FileFacts> around = around(facts.file().folder());
        if (around.stream().anyMatch(FileFacts::setsAnyVariable)) {
            return;
        }
        Set<String> set = new TreeSet<>();
        around.forEach(other -> set.addAll(other.variables()));
        Stream.concat(
                        NameUse.inRoutes(facts.file(), NameUse.VARIABLE, false).stream(),
                        facts.sql().stream().flatMap(sql -> NameUse.inSql(sql, NameUse.VARIABLE).stream()))
                .filter(use -> !set.contains(use.name()))
                .forEach(use -> faults.error(
                        use.file(),
                        use.line(),
                        "no step sets the variable " + use.name() + ", so it is null" + meant(use.name(), set)));
    }

    private static String meant(String name, Set<String> names) {
        String meant = Suggestion.of(name, names);
        return !meant.isEmpty()
                ? meant
                : names.isEmpty() ? "; there are none" : "; there are " + String.join(", ", names);
    }

    /** The files of a pipeline, and those that call it or are called by it; all files for what belongs to no pipeline. */
    private List<FileFacts> around(String folder) {
        if (!known.pipelines().contains(folder)) {
            return all;
        }
        List<FileFacts> own = all.stream()
                .filter(facts -> facts.file().folder().equals(folder))
                .toList();
        Set<FileFacts> around = reached(own, (from, to) -> to.calls(from));
        around.addAll(reached(own, (from, to) -> from.calls(to) || to.file().isKamelet()));
        return List.copyOf(around);
    }

    private Set<FileFacts> reached(List<FileFacts> starts, BiPredicate<FileFacts, FileFacts> leadsTo) {
        Set<FileFacts> found = new LinkedHashSet<>(starts);
        Deque<FileFacts> open = new ArrayDeque<>(starts);
        while (!open.isEmpty()) {
            FileFacts one = open.remove();
            all.stream()
                    .filter(other -> leadsTo.test(one, other) && found.add(other))
                    .forEach(open::add);
        }
        return found;
    }

    private void headers() {
        Map<NameUse, Set<String>> sent = new TreeMap<>();
        operations.forEach((operation, parameters) -> {
            List<FileFacts> answering = List.copyOf(reached(
                    all.stream()
                            .filter(facts -> facts.begins().contains(operation))
                            .toList(),
                    (from, to) -> from.calls(to) || from.usesBeanOf(to)));
            if (answering.stream().noneMatch(FileFacts::setsAnyHeader)) {
                Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
                names.addAll(parameters);
                answering.forEach(facts -> names.addAll(facts.headers()));
                answering.stream()
                        .filter(facts -> facts.file().isChecked())
                        .flatMap(NullNameCheck::headersInSql)
                        .forEach(use -> sent.computeIfAbsent(use, first -> new TreeSet<>(String.CASE_INSENSITIVE_ORDER))
                                .addAll(names));
            }
        });
        sent.forEach((use, names) -> {
            if (!names.contains(use.name()) && !isOfHttp(use.name())) {
                faults.error(
                        use.file(),
                        use.line(),
                        "the call has no parameter " + use.name()
                                + ", and no step sets a header of that name, so it is null" + meant(use.name(), names));
            }
        });
    }

    private static Stream<NameUse> headersInSql(FileFacts facts) {
        return Stream.concat(
                NameUse.inRoutes(facts.file(), NameUse.HEADER, true).stream(),
                facts.sql().stream().flatMap(sql -> NameUse.inSql(sql, NameUse.HEADER).stream()));
    }

    private static boolean isOfHttp(String name) {
        return name.contains("-") || name.startsWith("Camel") || OF_HTTP.contains(name.toLowerCase(Locale.ROOT));
    }
}
