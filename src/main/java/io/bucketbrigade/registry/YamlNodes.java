package io.bucketbrigade.registry;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** YAML as a tree whose nodes know the line they are on. */
public final class YamlNodes {
    /** Far more than any route or contract needs; what walks through the tree has room for it. */
    static final int DEEPEST = 100;

    private YamlNodes() {}

    /**
     * Reads a text.
     *
     * @return its root; null if there is nothing in it
     * @throws YamlEngineException if it is not YAML, or is nested more than {@value #DEEPEST} levels deep
     */
    public static @Nullable Node read(String yaml) {
        try {
            Node root = new Compose(LoadSettings.builder().build())
                    .composeString(yaml)
                    .orElse(null);
            requireShallow(root, 0, Collections.newSetFromMap(new IdentityHashMap<>()));
            return root;
        } catch (StackOverflowError tooDeep) {
            throw new YamlEngineException("nested too deeply", tooDeep);
        }
    }

    /** An alias within what it stands for is endlessly deep. */
    private static void requireShallow(@Nullable Node node, int level, Set<Node> shallow) {
        if (level > DEEPEST) {
            throw new YamlEngineException("nested too deeply");
        }
        if (node == null || shallow.contains(node)) {
            return;
        }
        if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                requireShallow(entry.getKeyNode(), level + 1, shallow);
                requireShallow(entry.getValueNode(), level + 1, shallow);
            }
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(one -> requireShallow(one, level + 1, shallow));
        }
        shallow.add(node);
    }

    /** The line of a node, from 1. */
    public static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    /** The line of a character of a scalar, from 1. */
    public static int line(ScalarNode scalar, int at) {
        boolean keepsLines =
                scalar.getScalarStyle() == ScalarStyle.LITERAL || scalar.getScalarStyle() == ScalarStyle.FOLDED;
        long ends = scalar.getValue()
                .substring(0, at)
                .chars()
                .filter(c -> c == '\n')
                .count();
        return line(scalar) + (keepsLines ? 1 + (int) ends : 0);
    }

    /** The entry of a mapping that has a key; null if there is none, or the node is not a mapping. */
    public static @Nullable NodeTuple entry(@Nullable Node node, String key) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                if (key.equals(text(entry.getKeyNode()))) {
                    return entry;
                }
            }
        }
        return null;
    }

    /** The value of a key of a mapping; null if it is missing. */
    public static @Nullable Node child(@Nullable Node node, String key) {
        NodeTuple entry = entry(node, key);
        return entry == null ? null : entry.getValueNode();
    }

    /** The text of a scalar; null if the node is not a scalar. */
    public static @Nullable String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : null;
    }

    /** The text that is the value of a key of a mapping; null if it is missing or not a text. */
    public static @Nullable String text(@Nullable Node node, String key) {
        return text(child(node, key));
    }

    /** The keys of a mapping, in their order; none if the node is not a mapping. */
    public static Set<String> keys(@Nullable Node node) {
        Set<String> keys = new LinkedHashSet<>();
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(entry -> keys.add(String.valueOf(text(entry.getKeyNode()))));
        }
        return keys;
    }
}
