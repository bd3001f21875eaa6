package io.bucketbrigade.checking;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong. */
final class Faults {
    private final SortedSet<Fault> found = new TreeSet<>();

    void error(Path file, int line, String what) {
        found.add(new Fault(file, line, false, what));
    }

    void error(RouteFile file, Node node, String what) {
        error(file.path(), file.line(node), what);
    }

    void warning(RouteFile file, int line, String what) {
        found.add(new Fault(file.path(), line, true, what));
    }

    /** All of them, by file and line. */
    List<Fault> all() {
        return List.copyOf(found);
    }
}
