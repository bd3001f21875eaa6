package io.bucketbrigade.checking;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.registry.YamlNodes;
import io.bucketbrigade.tables.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Checks a pipeline.yaml: that it can be used, and that what it names exists. */
final class PipelineCheck {
    private final KnownNames known;
    private final boolean allIsKnown;
    private final Faults faults;

    PipelineCheck(KnownNames known, boolean allIsKnown, Faults faults) {
        this.known = known;
        this.allIsKnown = allIsKnown;
        this.faults = faults;
    }

    /** @param folder the pipeline's folder */
    void check(Path folder) {
        Path file = folder.resolve(Pipeline.FILE);
        try {
            Pipelines.check(folder, known.placeholders()::contains);
            Node root = YamlNodes.read(Files.readString(file));
            plan(file, root);
            columns(file, root);
            start(file, root, String.valueOf(folder.getFileName()));
        } catch (IOException | YamlEngineException changed) {
            faults.error(file, 0, "the file changed while it was read");
        } catch (Problem problem) {
            faults.error(file, (int) problem.line(), problem);
        }
    }

    private void plan(Path file, @Nullable Node root) {
        Node plan = YamlNodes.child(root, "plan");
        String route = YamlNodes.text(plan);
        if (allIsKnown && plan != null && route != null && !known.routes().containsKey(route)) {
            faults.error(
                    file,
                    YamlNodes.line(plan),
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

    /** The columns of files that are read into tables. */
    private void columns(Path file, @Nullable Node root) {
        Node files = YamlNodes.child(YamlNodes.child(root, "inputs"), "files");
        if (files instanceof SequenceNode list) {
            list.getValue().stream()
                    .filter(input -> YamlNodes.child(input, "table") != null)
                    .map(input -> YamlNodes.child(input, "columns"))
                    .filter(MappingNode.class::isInstance)
                    .flatMap(columns -> ((MappingNode) columns).getValue().stream())
                    .forEach(column -> column(file, column));
        }
    }

    private void column(Path file, NodeTuple column) {
        try {
            Column.parse(
                    String.valueOf(YamlNodes.text(column.getKeyNode())),
                    String.valueOf(YamlNodes.text(column.getValueNode())));
        } catch (Problem wrong) {
            faults.error(file, YamlNodes.line(column.getKeyNode()), wrong);
        }
    }
}
