package io.bucketbrigade.checking;

import io.bucketbrigade.registry.YamlNodes;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Visits the texts of a file that Camel reads, which descriptions for people are not. */
final class Texts {
    private static final Set<String> FOR_PEOPLE = Set.of("description", "note", "title");

    private Texts() {}

    /** Hands over each text below a node, with its key. */
    static void below(@Nullable Node node, BiConsumer<String, ScalarNode> sink) {
        below("", node, sink);
    }

    private static void below(String key, @Nullable Node node, BiConsumer<String, ScalarNode> sink) {
        if (node instanceof ScalarNode scalar) {
            sink.accept(key, scalar);
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> below(key, item, sink));
        } else if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(entry -> {
                String name = String.valueOf(YamlNodes.text(entry.getKeyNode()));
                if (!FOR_PEOPLE.contains(name)) {
                    below(name, entry.getValueNode(), sink);
                }
            });
        }
    }
}
