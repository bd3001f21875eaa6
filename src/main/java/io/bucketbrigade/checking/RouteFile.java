package io.bucketbrigade.checking;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.registry.YamlFile;
import io.bucketbrigade.registry.YamlNodes;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A file with routes, or with a kamelet.
 *
 * @param path the file
 * @param folder the name of the pipeline's folder that it belongs to
 * @param isChecked whether it is to be checked, and not only known to the others
 * @param root what it contains; null if it is empty or can't be read
 */
record RouteFile(
        Path path,
        String folder,
        boolean isChecked,
        @Nullable Node root) {
    private static final String ROUTES = ".camel.yaml";
    private static final String KAMELET = ".kamelet.yaml";

    static boolean isOne(Path file) {
        return file.toString().endsWith(ROUTES) || file.toString().endsWith(KAMELET);
    }

    /** Reads a file; where it can't be read as YAML, that is among the faults. */
    static RouteFile read(Path path, String folder, boolean isChecked, Faults faults) {
        Node root = null;
        if (name(path).contains(".")) {
            faults.error(path, 0, "Camel takes all after the first dot of a name for the kind of file; rename it");
        }
        try {
            root = YamlFile.root(path);
            if (root == null) {
                faults.error(path, 0, "the file is empty; remove it, or write a route into it");
            }
        } catch (Problem unreadable) {
            faults.error(unreadable);
        }
        return new RouteFile(path, folder, isChecked, root);
    }

    boolean isKamelet() {
        return path.toString().endsWith(KAMELET);
    }

    /** Whether all that it defines is known. */
    boolean isReadable() {
        return isKamelet() ? root != null : root instanceof SequenceNode;
    }

    /** Its name without the ending, which is the id of what it holds. */
    String name() {
        return name(path);
    }

    static String name(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.substring(0, name.length() - (name.endsWith(KAMELET) ? KAMELET : ROUTES).length());
    }

    /** The line of a node, from 1. */
    int line(Node node) {
        return YamlNodes.line(node);
    }
}
