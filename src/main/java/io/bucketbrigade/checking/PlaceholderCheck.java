package io.bucketbrigade.checking;

import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.registry.YamlNodes;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Checks that what is written between double braces is a setting, or a parameter of the kamelet or template. */
final class PlaceholderCheck {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]*)}}");
    /** What the components for kamelets and templates add by themselves. */
    private static final Set<String> OF_TEMPLATES =
            Set.of("routeId", "templateId", "parentRouteId", "parentProcessorId", "uuid", "kameletId");

    private final KnownNames known;
    private final Faults faults;

    PlaceholderCheck(KnownNames known, Faults faults) {
        this.known = known;
        this.faults = faults;
    }

    void check(RouteFile file) {
        Node root = file.root();
        if (root != null) {
            Set<String> own = parameters(root);
            Node read = file.isKamelet() ? YamlNodes.child(YamlNodes.child(root, "spec"), "template") : root;
            Texts.below(read, (key, scalar) -> placeholders(file, scalar, own));
        }
    }

    private void placeholders(RouteFile file, ScalarNode scalar, Set<String> own) {
        Matcher placeholder = PLACEHOLDER.matcher(scalar.getValue());
        while (placeholder.find()) {
            String name = placeholder.group(1).strip().replaceFirst("^!", "");
            // With a colon it is a function or has a default, and with a question mark it may be missing.
            boolean mustExist = !name.contains(":") && !name.startsWith("?");
            if (mustExist && !known.placeholders().contains(name) && !own.contains(name)) {
                faults.error(
                        file.path(),
                        YamlNodes.line(scalar, placeholder.start()),
                        "{{" + name + "}} is not a setting" + (own.isEmpty() ? "" : " or parameter")
                                + suggestion(name, own));
            }
        }
    }

    private String suggestion(String name, Set<String> own) {
        Set<String> all = new HashSet<>(known.placeholders());
        all.addAll(own);
        String meant = Suggestion.of(name, all);
        return meant.isEmpty() ? "; define it in a .properties file beside the routes" : meant;
    }

    /** The parameters of a kamelet, or of all templates in a file. */
    private static Set<String> parameters(Node root) {
        Set<String> names = new HashSet<>();
        Node properties = YamlNodes.child(YamlNodes.child(YamlNodes.child(root, "spec"), "definition"), "properties");
        if (properties instanceof MappingNode mapping) {
            mapping.getValue().forEach(entry -> names.add(String.valueOf(YamlNodes.text(entry.getKeyNode()))));
        }
        Node template = YamlNodes.child(YamlNodes.child(root, "spec"), "template");
        addNames(names, YamlNodes.child(template, "beans"));
        if (root instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                Node routeTemplate = YamlNodes.child(item, "routeTemplate");
                addNames(names, YamlNodes.child(routeTemplate, "parameters"));
                addNames(names, YamlNodes.child(routeTemplate, "beans"));
                if (routeTemplate != null) {
                    names.addAll(OF_TEMPLATES);
                }
            }
        }
        if (template != null) {
            names.addAll(OF_TEMPLATES);
        }
        return names;
    }

    private static void addNames(Set<String> names, @Nullable Node list) {
        if (list instanceof SequenceNode sequence) {
            sequence.getValue().forEach(one -> names.add(String.valueOf(YamlNodes.text(one, "name"))));
        }
    }
}
