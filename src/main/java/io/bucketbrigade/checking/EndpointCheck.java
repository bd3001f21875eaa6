package io.bucketbrigade.checking;

import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.registry.YamlNodes;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.catalog.impl.DefaultRuntimeCamelCatalog;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.ComponentModel;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Checks addresses: the component, its options, and that direct: and claim: lead somewhere. */
final class EndpointCheck {
    /** The program's own components, whose addresses name a pipeline, and their options. */
    private static final Map<String, List<String>> OWN =
            Map.of("claim", List.of(), "stream", List.of("reader", "rows", "age"));

    private static final String KAMELET = "kamelet";

    private final KnownNames known;
    private final Faults faults;
    private final Components components = Components.ofProgram("component");
    private final DefaultRuntimeCamelCatalog catalog = new DefaultRuntimeCamelCatalog();

    EndpointCheck(CamelContext context, KnownNames known, Faults faults) {
        this.known = known;
        this.faults = faults;
        catalog.setCamelContext(context);
        catalog.start();
    }

    void check(List<Element> elements) {
        for (EndpointUse use : EndpointUse.in(elements, known)) {
            String scheme = use.address().scheme();
            if (!scheme.contains("${")
                    && !scheme.contains("{{")
                    && !use.uri().startsWith("${")
                    && !use.uri().startsWith("{{")) {
                check(use, scheme);
            }
        }
        elements.stream()
                .filter(element -> element.definition().equals("KameletDefinition"))
                .forEach(element -> {
                    String name = element.textOr("name");
                    if (name != null) {
                        kamelet(new EndpointUse(
                                element.file(),
                                element.at("name"),
                                KAMELET + ":" + known.resolved(name),
                                YamlNodes.child(element.node(), "parameters") instanceof MappingNode mapping
                                        ? mapping
                                        : null,
                                false));
                    }
                });
    }

    private void check(EndpointUse use, String scheme) {
        String path = use.address().path();
        beans(use);
        if (scheme.isEmpty()) {
            faults.error(
                    use.file(),
                    use.node(),
                    "'" + use.uri() + "' is not an address; an address begins with a component, such as direct:"
                            + (known.hasConsumer(use.uri()) ? use.uri() : "name"));
        } else if (OWN.containsKey(scheme)) {
            own(use, scheme, path);
        } else if (!components.has(scheme) && !known.hasBean(scheme)) {
            Set<String> names = new TreeSet<>(components.names());
            names.addAll(OWN.keySet());
            faults.error(use.file(), use.node(), "there is no component " + scheme + Suggestion.of(scheme, names));
        } else if (scheme.equals(KAMELET)) {
            kamelet(use);
        } else {
            if (scheme.equals("direct") && !use.isOpen() && !known.hasConsumer(path)) {
                faults.error(use.file(), use.node(), nowhere(path));
            }
            options(use, scheme);
        }
    }

    /** Beans that options refer to; those of a kamelet are its own. */
    private void beans(EndpointUse use) {
        use.options().forEach((option, value) -> {
            String name = KnownNames.referred(value);
            if (name != null && !known.hasBean(name) && !use.file().isKamelet()) {
                faults.error(use.file(), use.at(option), known.noBean(name));
            }
        });
    }

    private String nowhere(String path) {
        return "no route begins with direct:" + path
                + Suggestion.nearest(path, known.consumers())
                        .map(name -> "; did you mean direct:" + name + "?")
                        .orElse("");
    }

    private void own(EndpointUse use, String scheme, String pipeline) {
        if (!use.isOpen() && !known.pipelines().contains(pipeline)) {
            faults.error(
                    use.file(),
                    use.node(),
                    "there is no pipeline " + pipeline + Suggestion.of(pipeline, known.pipelines()));
        }
        List<String> options = OWN.getOrDefault(scheme, List.of());
        use.options().keySet().stream()
                .filter(option -> !options.contains(option))
                .forEach(option -> faults.error(
                        use.file(),
                        use.at(option),
                        options.isEmpty()
                                ? scheme + ": has no options; remove " + option
                                : scheme + ": has no option " + option + Suggestion.of(option, options)));
    }

    private void options(EndpointUse use, String scheme) {
        ComponentModel model = catalog.componentModel(scheme);
        if (model == null) {
            return;
        }
        Map<String, String> values = new HashMap<>();
        use.options()
                .forEach((name, value) -> values.put(name, KnownNames.isDecidedLater(value) ? "{{later}}" : value));
        EndpointValidationResult result = catalog.validateProperties(scheme, values);
        List<String> names = model.getEndpointOptions().stream()
                .map(BaseOptionModel::getName)
                .toList();
        if (!model.isLenientProperties()) {
            unknown(use, result.getUnknown(), scheme, names);
        }
        if (use.address().path().isEmpty() && !KnownNames.isDecidedLater(String.valueOf(YamlNodes.text(use.node())))) {
            model.getEndpointPathOptions().stream()
                    .filter(BaseOptionModel::isRequired)
                    .findFirst()
                    .ifPresent(option -> faults.error(
                            use.file(), use.node(), scheme + ": needs " + option.getName() + " after the colon"));
        }
        model.getEndpointParameterOptions().stream()
                .filter(option -> option.isRequired() && !values.containsKey(option.getName()))
                .forEach(option ->
                        faults.error(use.file(), use.node(), scheme + ": needs the option " + option.getName()));
        wrong(use, result.getInvalidBoolean(), "true or false");
        wrong(use, result.getInvalidInteger(), "a whole number");
        wrong(use, result.getInvalidNumber(), "a number");
        wrong(use, result.getInvalidDuration(), "a duration such as 250ms, 5s or 2m");
        Map<?, ?> choices = result.getInvalidEnumChoices();
        if (choices != null) {
            choices.forEach((name, words) -> wrong(
                    use,
                    Map.of(name, String.valueOf(use.options().get(String.valueOf(name)))),
                    "one of " + String.join(", ", (String[]) words)));
        }
    }

    private void unknown(EndpointUse use, @Nullable Collection<?> unknown, String scheme, List<String> names) {
        if (unknown != null) {
            unknown.forEach(name -> faults.error(
                    use.file(),
                    use.at(String.valueOf(name)),
                    scheme + ": has no option " + name + Suggestion.of(String.valueOf(name), names)));
        }
    }

    private void wrong(EndpointUse use, @Nullable Map<?, ?> values, String wanted) {
        if (values != null) {
            values.forEach((name, value) -> faults.error(
                    use.file(), use.at(String.valueOf(name)), name + " is '" + value + "'; it must be " + wanted));
        }
    }

    private void kamelet(EndpointUse use) {
        String path = use.address().path();
        String name = path.split("/", 2)[0];
        KnownNames.Place place = known.kamelets().get(name);
        if (use.isOpen() || Set.of("source", "sink").contains(name)) {
            return;
        }
        if (place == null) {
            faults.error(
                    use.file(),
                    use.node(),
                    "there is no kamelet " + name
                            + Suggestion.of(name, known.kamelets().keySet()));
            return;
        }
        Node definition = YamlNodes.child(YamlNodes.child(place.node(), "spec"), "definition");
        Node properties = YamlNodes.child(definition, "properties");
        Set<String> names = YamlNodes.keys(properties);
        ComponentModel model = catalog.componentModel(KAMELET);
        List<String> ofComponent = model.getEndpointOptions().stream()
                .map(BaseOptionModel::getName)
                .toList();
        Map<String, String> options = use.options();
        options.keySet().stream()
                .filter(option -> !names.contains(option) && !ofComponent.contains(option))
                .forEach(option -> faults.error(
                        use.file(),
                        use.at(option),
                        "the kamelet " + name + " has no parameter " + option + Suggestion.of(option, names)));
        if (YamlNodes.child(definition, "required") instanceof SequenceNode required) {
            required.getValue().stream()
                    .map(one -> String.valueOf(YamlNodes.text(one)))
                    .filter(one -> !options.containsKey(one)
                            && YamlNodes.text(YamlNodes.child(properties, one), "default") == null)
                    .forEach(one -> faults.error(
                            use.file(), use.node(), "the kamelet " + name + " needs the parameter " + one));
        }
    }
}
