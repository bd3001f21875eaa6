package io.bucketbrigade.checking;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong. */
final class Faults {
    private final SortedSet<Fault> found = new TreeSet<>();

    void add(Fault fault) {
        found.add(fault);
    }

    void error(Path file, int line, String what) {
        add(new Fault(file, line, false, what));
    }

    void error(RouteFile file, Node node, String what) {
        error(file.path(), file.line(node), what);
    }

    void error(Problem problem) {
        error(FilePaths.of(String.valueOf(problem.file())), (int) problem.line(), problem);
    }

    /** The place is shown before each fault, and sentences get their full stop there. */
    void error(Path file, int line, Problem problem) {
        String place = problem.file() + (problem.line() > 0 ? ", line " + problem.line() : "") + ": ";
        String sentence = problem.sentence();
        String what = sentence.startsWith(place) ? sentence.substring(place.length()) : sentence;
        error(file, line, what.replaceFirst("\\.$", ""));
    }

    void warning(RouteFile file, int line, String what) {
        warning(file.path(), line, what);
    }

    void warning(Path file, int line, String what) {
        found.add(new Fault(file, line, true, what));
    }

    /**
     * All of them, by file and line.
     *
     * @param instead folders with a fault that brings about all others in them
     */
    List<Fault> all(Map<Path, Fault> instead) {
        return Stream.concat(instead.values().stream(), found.stream().filter(fault -> instead.keySet().stream()
                        .noneMatch(fault.file()::startsWith)))
                .sorted()
                .toList();
    }
}
