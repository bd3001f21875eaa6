package io.bucketbrigade.checking;

import static io.bucketbrigade.registry.YamlNodes.text;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.registry.YamlFile;
import io.bucketbrigade.registry.YamlNodes;
import io.bucketbrigade.streams.Streams;
import io.bucketbrigade.tables.Column;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Checks a pipeline.yaml: that it can be used, and that what it names exists. */
final class PipelineCheck {
    private final KnownNames known;
    private final boolean allIsKnown;
    private final Set<String> reserved;
    private final Faults faults;

    /** @param reserved the names that no pipeline can have */
    PipelineCheck(KnownNames known, boolean allIsKnown, Set<String> reserved, Faults faults) {
        this.known = known;
        this.allIsKnown = allIsKnown;
        this.reserved = reserved;
        this.faults = faults;
    }

    /** @param folder the pipeline's folder */
    void check(Path folder) {
        Path file = folder.resolve(Pipeline.FILE);
        String name = String.valueOf(folder.getFileName());
        if (reserved.contains(name)) {
            faults.error(file, 0, ReservedNames.why(name) + "; rename the folder");
        }
        try {
            Pipelines.check(folder, known.placeholders(), faults::error);
            Node root = YamlFile.root(file);
            route(file, root, "plan");
            route(file, root, "fetch");
            columns(file, root);
            streamColumns(file, root);
            start(file, root, name);
        } catch (Problem unreadable) {
            faults.error(unreadable);
        }
    }

    /** A key whose value is the id of a route. */
    private void route(Path file, @Nullable Node root, String key) {
        Node value = YamlNodes.child(root, key);
        String route = text(value);
        if (allIsKnown && value != null && route != null && !known.routes().containsKey(route)) {
            faults.error(
                    file,
                    YamlNodes.line(value),
                    "there is no route " + route
                            + Suggestion.of(route, known.routes().keySet()));
        }
    }

    private void start(Path file, @Nullable Node root, String name) {
        Node inputs = YamlNodes.child(root, "inputs");
        if (allIsKnown && inputs != null && !known.isClaimed(name)) {
            faults.warning(
                    file,
                    YamlNodes.line(inputs),
                    "no route begins at claim:" + name + ", so nothing happens when these inputs change");
        }
    }

    /** The columns of files that are read into tables; each may refer to those above it. */
    private void columns(Path file, @Nullable Node root) {
        Node files = YamlNodes.child(YamlNodes.child(root, "inputs"), "files");
        Set<String> above = new TreeSet<>();
        if (files instanceof SequenceNode list) {
            for (Node input : list.getValue()) {
                String name = text(input, "name") == null ? text(input, "pattern") : text(input, "name");
                if (YamlNodes.child(input, "table") != null
                        && YamlNodes.child(input, "columns") instanceof MappingNode columns) {
                    columns.getValue().forEach(column -> above.add(name + " " + text(column.getKeyNode())));
                    columns.getValue().forEach(column -> column(file, column, above));
                }
            }
        }
    }

    /** The columns of the rows that the pipeline is sent. */
    private void streamColumns(Path file, @Nullable Node root) {
        if (YamlNodes.child(YamlNodes.child(root, "stream"), "columns") instanceof MappingNode columns) {
            columns.getValue().forEach(column -> {
                try {
                    Streams.checkColumn(
                            String.valueOf(text(column.getKeyNode())), String.valueOf(text(column.getValueNode())));
                } catch (Problem wrong) {
                    faults.error(file, YamlNodes.line(column.getKeyNode()), wrong);
                }
            });
        }
    }

    private void column(Path file, NodeTuple column, Set<String> above) {
        int line = YamlNodes.line(column.getKeyNode());
        try {
            Column.parse(String.valueOf(text(column.getKeyNode())), String.valueOf(text(column.getValueNode())))
                    .knownIn()
                    .stream()
                    .filter(other -> !above.contains(other))
                    .forEach(other -> faults.error(
                            file,
                            line,
                            "'known in " + other
                                    + "' must name a file that has a table, in this place or further up, and a column of it"
                                    + Suggestion.of(other, above)));
        } catch (Problem wrong) {
            faults.error(file, line, wrong);
        }
    }
}
