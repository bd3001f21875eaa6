package io.bucketbrigade.checking;

import io.bucketbrigade.registry.YamlNodes;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A part of a route file that Camel has a definition for.
 *
 * @param file the file
 * @param definition the definition's name, such as {@code ToDefinition}
 * @param key the key that it is the value of
 * @param node what is written there
 * @param parent the element around it; null at the top
 */
record Element(
        RouteFile file,
        String definition,
        String key,
        Node node,
        @Nullable Element parent) {
    private static final Set<String> WRAPPERS = Set.of("ExpressionDefinition", "ExpressionSubElementDefinition");

    /** The text of one of its keys; null if it has none. */
    @Nullable
    String text(String name) {
        return YamlNodes.text(node, name);
    }

    /** Its text: the whole of it, or that of a key if it is written out. */
    @Nullable
    String textOr(String name) {
        String whole = YamlNodes.text(node);
        return whole == null ? text(name) : whole;
    }

    /** The node of a key; itself, if the key is missing. */
    Node at(String name) {
        Node child = YamlNodes.child(node, name);
        return child == null ? node : child;
    }

    /** The element that an expression is a part of, past what only wraps it. */
    @Nullable
    Element owner() {
        Element around = parent;
        while (around != null && WRAPPERS.contains(around.definition())) {
            around = around.parent();
        }
        return around;
    }

    boolean isExpression() {
        return definition.endsWith("Expression");
    }
}
