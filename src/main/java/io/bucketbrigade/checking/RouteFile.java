package io.bucketbrigade.checking;

import io.bucketbrigade.registry.YamlNodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
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
        try {
            root = YamlNodes.read(Files.readString(path));
            if (root == null) {
                faults.error(path, 0, "the file is empty; remove it, or write a route into it");
            }
        } catch (MarkedYamlEngineException invalid) {
            Mark mark = invalid.getProblemMark().or(invalid::getContextMark).orElse(null);
            faults.error(path, mark == null ? 0 : mark.getLine() + 1, words(invalid, mark));
        } catch (YamlEngineException invalid) {
            faults.error(path, 0, "this is not YAML");
        } catch (IOException e) {
            faults.error(path, 0, "the file can't be read as text in UTF-8");
        }
        return new RouteFile(path, folder, isChecked, root);
    }

    private static String words(MarkedYamlEngineException invalid, @Nullable Mark mark) {
        String problem = invalid.getProblem();
        String where = mark == null ? "" : " at column " + (mark.getColumn() + 1);
        if (problem.contains("TAB") || problem.contains("\\t")) {
            return "this is not YAML: a tab is used" + where + "; use spaces";
        }
        if (problem.contains("mapping values are not allowed")) {
            return "this is not YAML: the colon" + where
                    + " can't be there; check the indentation, or put the value in quotes";
        }
        if (problem.contains("<block end>") || problem.contains("while scanning a simple key")) {
            return "this is not YAML: this line does not belong to anything above it; check its indentation";
        }
        return "this is not YAML" + where + "; check indentation, quotes and brackets up to this point";
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
        String name = String.valueOf(path.getFileName());
        return name.substring(0, name.length() - (isKamelet() ? KAMELET : ROUTES).length());
    }

    /** The line of a node, from 1. */
    int line(Node node) {
        return YamlNodes.line(node);
    }
}
