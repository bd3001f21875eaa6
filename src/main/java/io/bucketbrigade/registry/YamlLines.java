package io.bucketbrigade.registry;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Finds where in a YAML file something is. Jackson reports where it noticed what is wrong, which is mostly further below. */
final class YamlLines {
    private static final Pattern STEP = Pattern.compile("'([^']*)'|\\[(\\d+)]|[^.\\[]+");

    private YamlLines() {}

    /**
     * The line of a key, from 1; that of the mapping it belongs to, where it is missing.
     *
     * @param key the keys that lead to it, such as {@code inputs.files[0].name}; one that has points of its own is in single quotes
     */
    static int of(Node root, String key) {
        Matcher step = STEP.matcher(key);
        Node node = root;
        int line = YamlNodes.line(root);
        while (step.find()) {
            if (node instanceof SequenceNode list && step.group(2) != null) {
                int at = Integer.parseInt(step.group(2));
                if (at >= list.getValue().size()) {
                    return line;
                }
                node = list.getValue().get(at);
                line = YamlNodes.line(node);
            } else if (node instanceof MappingNode mapping) {
                // Names of settings have dots of their own.
                String rest = key.substring(step.start());
                String name = step.group(1) == null ? step.group() : step.group(1);
                NodeTuple named = YamlNodes.entry(mapping, name);
                NodeTuple entry = named == null ? YamlNodes.entry(mapping, rest) : named;
                if (entry == null) {
                    return line;
                }
                line = YamlNodes.line(entry.getKeyNode());
                node = entry.getValueNode();
            } else {
                return line;
            }
        }
        return line;
    }
}
