package io.bucketbrigade.checking;

import static io.bucketbrigade.registry.YamlNodes.text;

import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.registry.YamlNodes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Compares a route file with Camel's schema: unknown and missing keys, wrong indentation, values of another kind. */
final class StructureCheck {
    private static final String STEP = "ProcessorDefinition";

    private final RouteSchema schema;
    private final Faults faults;

    StructureCheck(RouteSchema schema, Faults faults) {
        this.schema = schema;
        this.faults = faults;
    }

    /** The elements of a file; what does not fit the schema is among the faults. */
    List<Element> elements(RouteFile file) {
        Walk walk = new Walk(file);
        Node root = file.root();
        if (root != null && file.isKamelet()) {
            Node template = YamlNodes.child(YamlNodes.child(root, "spec"), "template");
            if (template == null) {
                faults.error(file, root, "a kamelet needs spec.template with its steps");
            } else {
                walk.mapping(template, schema.kameletTemplate(), new Place("template", null, List.of()), Set.of());
            }
        } else if (root instanceof SequenceNode) {
            walk.node(root, schema.file(), new Place("", null, List.of()));
        } else if (root != null) {
            faults.error(file, root, "the file must be a list; put \"- \" before route, beans and the like");
        }
        return walk.elements;
    }

    /**
     * Where something is.
     *
     * @param key the key that it is the value of; blank for the whole file
     * @param element the element around it
     * @param around what may be written in the mappings around it, the innermost first
     */
    private record Place(String key, @Nullable Element element, List<Surrounding> around) {}

    private record Surrounding(String key, SchemaShape shape) {}

    private final class Walk {
        private final RouteFile file;
        private final List<Element> elements = new ArrayList<>();

        Walk(RouteFile file) {
            this.file = file;
        }

        void node(Node node, SchemaShape shape, Place place) {
            Element element = place.element();
            for (String definition : shape.names()) {
                element = new Element(file, definition, place.key(), node, element);
                elements.add(element);
            }
            Place here = new Place(place.key(), element, place.around());
            if (shape.isOpen()) {
                return;
            }
            if (node instanceof MappingNode) {
                mapping(node, shape, here, shape.required());
            } else if (node instanceof SequenceNode list) {
                list(list, shape, here);
            } else if (node instanceof ScalarNode scalar) {
                scalar(scalar, shape, here);
            }
        }

        private void list(SequenceNode list, SchemaShape shape, Place place) {
            if (shape.isList()) {
                list.getValue().forEach(item -> node(item, shape.item(), place));
            } else {
                faults.error(file, list, place.key() + " can't be a list; remove the \"-\"");
            }
        }

        private void scalar(ScalarNode scalar, SchemaShape shape, Place place) {
            String value = scalar.getValue();
            boolean empty = scalar.getTag().equals(Tag.NULL);
            String key = place.key();
            if (empty && !shape.mayBeEmpty()) {
                faults.error(file, scalar, key + " is empty; indent what belongs to it further than " + key);
            } else if (!empty && !shape.isScalar()) {
                faults.error(
                        file,
                        scalar,
                        shape.isList()
                                ? (key.isEmpty() ? "this" : key) + " must be a list, each entry with \"- \" before it"
                                : (key.isEmpty() || key.equals("steps")
                                                ? value + " needs a colon"
                                                : key + " needs keys")
                                        + (shape.keys().size() > 10 ? "" : ": " + String.join(", ", shape.keys())));
            } else if (!empty && shape.isScalar() && !isDecidedLater(value)) {
                value(scalar, value, shape, key);
            }
        }

        private void value(ScalarNode scalar, String value, SchemaShape shape, String key) {
            String wanted = shape.wanted(value);
            if (wanted != null) {
                faults.error(file, scalar, key + " is '" + value + "'; it must be " + wanted);
            } else if (!shape.choices().isEmpty() && shape.choices().stream().noneMatch(value::equalsIgnoreCase)) {
                faults.error(
                        file,
                        scalar,
                        key + " is '" + value + "'; it must be one of "
                                + String.join(
                                        ", ", shape.choices().stream().sorted().toList()));
            }
        }

        /** Values that come from settings or beans are known at start only. */
        private static boolean isDecidedLater(String value) {
            return value.contains("{{") || value.startsWith("#");
        }

        void mapping(Node node, SchemaShape shape, Place place, Set<String> required) {
            if (!(node instanceof MappingNode mapping) || shape.keys().isEmpty()) {
                faults.error(
                        file,
                        node,
                        (place.key().isEmpty() ? "this" : place.key())
                                + (shape.isList()
                                        ? " must be a list; put \"- \" before each entry"
                                        : " must be a text"));
                return;
            }
            List<Surrounding> around = new ArrayList<>(List.of(new Surrounding(place.key(), shape)));
            around.addAll(place.around());
            Set<String> seen = new HashSet<>();
            NodeTuple before = null;
            boolean misplaced = false;
            for (NodeTuple entry : mapping.getValue()) {
                String key = String.valueOf(text(entry.getKeyNode()));
                if (!seen.add(key)) {
                    faults.error(file, entry.getKeyNode(), "the key " + key + " is repeated");
                } else if (!shape.keys().contains(key)) {
                    if (!isSaidAbove(before, shape, key)) {
                        faults.error(file, entry.getKeyNode(), unknown(key, mapping, place, around));
                    }
                    misplaced = true;
                } else {
                    if (shape.hasOnlyOneKey() && before != null) {
                        faults.error(
                                file,
                                entry.getKeyNode(),
                                text(before.getKeyNode()) + " and " + key
                                        + " are in one entry of the list; put \"- \" before " + key);
                    }
                    node(entry.getValueNode(), shape.child(key), new Place(key, place.element(), around));
                }
                before = entry;
            }
            if (!misplaced) {
                missing(mapping, shape, place, required, seen);
            }
        }

        /** Whether the key before is empty because what belongs to it is not indented far enough. */
        private static boolean isSaidAbove(@Nullable NodeTuple before, SchemaShape shape, String key) {
            String above = before == null ? null : text(before.getKeyNode());
            if (before == null || above == null) {
                return false;
            }
            SchemaShape emptied = shape.child(above);
            return isEmpty(before.getValueNode()) && !emptied.mayBeEmpty() && knows(emptied, key);
        }

        private void missing(
                MappingNode mapping, SchemaShape shape, Place place, Set<String> required, Set<String> seen) {
            boolean isBean =
                    place.element() != null && place.element().definition().equals("BeanFactoryDefinition");
            if (shape.needsExpression(seen)) {
                faults.error(file, mapping, place.key() + " is missing an expression, such as simple or constant");
            }
            boolean isMadeOtherwise = seen.contains("script") || seen.contains("factoryBean");
            required.stream()
                    .filter(key -> !seen.contains(key) && !(isBean && isMadeOtherwise && key.equals("type")))
                    .sorted()
                    .forEach(key -> faults.error(file, mapping, place.key() + " is missing the key " + key));
        }

        private String unknown(String key, MappingNode mapping, Place place, List<Surrounding> around) {
            SchemaShape shape = around.get(0).shape();
            Element element = place.element();
            boolean isStep = element != null && element.definition().equals(STEP);
            String what = isStep
                    ? "there is no step " + key
                    : place.key().isEmpty()
                            ? "there is no key " + key + " at the top of a file"
                            : place.key() + " has no key " + key;
            Optional<String> meant = Suggestion.nearest(key, shape.keys());
            if (meant.isPresent()) {
                return what + "; did you mean " + meant.get() + "?";
            }
            for (NodeTuple sibling : mapping.getValue()) {
                String name = String.valueOf(text(sibling.getKeyNode()));
                if (!isStep && shape.keys().contains(name) && knows(shape.child(name), key)) {
                    return what + "; it belongs below " + name + ": check its indentation";
                }
            }
            for (Surrounding outer : around.subList(1, around.size())) {
                if (outer.shape().keys().contains(key) && !outer.key().isEmpty()) {
                    return what + "; it belongs to " + outer.key() + ": check its indentation";
                }
            }
            return what
                    + (shape.keys().size() > 20
                            ? ""
                            : "; there are "
                                    + String.join(
                                            ", ", shape.keys().stream().sorted().toList()));
        }

        private static boolean isEmpty(Node node) {
            return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
        }

        private static boolean knows(SchemaShape shape, String key) {
            return shape.keys().contains(key)
                    || (shape.isList() && shape.item().keys().contains(key));
        }
    }
}
