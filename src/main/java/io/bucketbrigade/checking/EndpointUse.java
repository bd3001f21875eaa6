package io.bucketbrigade.checking;

import static io.bucketbrigade.registry.YamlNodes.text;

import io.bucketbrigade.registry.YamlNodes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A place where a route names an endpoint.
 *
 * @param file the file
 * @param node where the address is
 * @param uri the address, without what comes from settings
 * @param parameters the options that are listed below it; null if there are none
 * @param isDynamic whether the address is put together for each message
 */
record EndpointUse(
        RouteFile file, Node node, String uri, @Nullable MappingNode parameters, boolean isDynamic) {
    private static final Set<String> STATIC = Set.of(
            "FromDefinition",
            "RouteFromDefinitionDeserializer",
            "ToDefinition",
            "PollDefinition",
            "SagaActionUriDefinition");
    private static final Set<String> DYNAMIC = Set.of("ToDynamicDefinition", "WireTapDefinition");
    private static final Set<String> BY_EXPRESSION =
            Set.of("RecipientListDefinition", "RoutingSlipDefinition", "EnrichDefinition", "PollEnrichDefinition");
    private static final Set<String> LISTS = Set.of("RecipientListDefinition", "RoutingSlipDefinition");

    /** Those in some elements. */
    static List<EndpointUse> in(List<Element> elements, KnownNames known) {
        List<EndpointUse> uses = new ArrayList<>();
        for (Element element : elements) {
            String definition = element.definition();
            if (STATIC.contains(definition) || DYNAMIC.contains(definition)) {
                add(uses, element, "uri", DYNAMIC.contains(definition), known);
            } else if (definition.equals("DeadLetterChannelDefinition")) {
                add(uses, element, "deadLetterUri", false, known);
            } else if (definition.equals("InterceptSendToEndpointDefinition")) {
                add(uses, element, "afterUri", false, known);
            } else if (element.isExpression()) {
                addConstants(uses, element, known);
            }
        }
        return uses;
    }

    private static void add(List<EndpointUse> uses, Element element, String key, boolean dynamic, KnownNames known) {
        String uri = key.equals("uri") ? element.textOr(key) : element.text(key);
        if (uri != null) {
            MappingNode parameters =
                    YamlNodes.child(element.node(), "parameters") instanceof MappingNode mapping ? mapping : null;
            uses.add(new EndpointUse(element.file(), element.at(key), known.resolved(uri), parameters, dynamic));
        }
    }

    private static void addConstants(List<EndpointUse> uses, Element element, KnownNames known) {
        Element owner = element.owner();
        boolean constant = Set.of("ConstantExpression", "SimpleExpression").contains(element.definition());
        String text = element.textOr("expression");
        if (owner != null && constant && BY_EXPRESSION.contains(owner.definition()) && text != null) {
            String delimiter = owner.text("delimiter");
            for (String uri : LISTS.contains(owner.definition()) && delimiter == null
                    ? List.of(text.split(",", -1))
                    : List.of(text)) {
                uses.add(new EndpointUse(
                        element.file(), element.at("expression"), known.resolved(uri.strip()), null, true));
            }
        }
    }

    /** Whether part of the address is known for each message only. */
    boolean isOpen() {
        return isDynamic && uri.contains("${");
    }

    /** The component; blank if there is none, or it is known for each message only. */
    EndpointUri address() {
        return EndpointUri.of(uri);
    }

    /** All options, by name; those that are listed go before those in the address. */
    Map<String, String> options() {
        Map<String, String> options = new HashMap<>(address().options());
        if (parameters != null) {
            parameters
                    .getValue()
                    .forEach(entry -> options.put(
                            String.valueOf(text(entry.getKeyNode())), String.valueOf(text(entry.getValueNode()))));
        }
        return options;
    }

    /** Where an option is. */
    Node at(String option) {
        var entry = YamlNodes.entry(parameters, option);
        return entry == null ? node : entry.getKeyNode();
    }
}
