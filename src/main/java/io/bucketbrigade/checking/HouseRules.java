package io.bucketbrigade.checking;

import static io.bucketbrigade.registry.YamlNodes.child;
import static io.bucketbrigade.registry.YamlNodes.line;
import static io.bucketbrigade.registry.YamlNodes.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Warns where a file works but is harder to find or to read than it need be. */
final class HouseRules {
    private final Faults faults;

    HouseRules(Faults faults) {
        this.faults = faults;
    }

    void check(RouteFile file) {
        if (file.isKamelet() || !(file.root() instanceof SequenceNode list)) {
            return;
        }
        List<Node> named = new ArrayList<>();
        for (Node item : list.getValue()) {
            Node route = child(item, "route");
            Node configuration = child(item, "routeConfiguration");
            if (route != null) {
                named.add(route);
                route(file, route);
            } else if (configuration != null) {
                named.add(configuration);
                described(file, configuration, "the route configuration");
            }
        }
        if (named.size() > 1) {
            faults.warning(
                    file, line(named.get(1)), "a file should hold one route; move this one to a file of its own");
        } else if (named.size() == 1) {
            String id = text(named.get(0), "id");
            if (id != null && !id.equals(file.name())) {
                faults.warning(
                        file,
                        line(Objects.requireNonNull(child(named.get(0), "id"))),
                        "the file should be named after its route, " + id + ".camel.yaml");
            }
        }
    }

    private void route(RouteFile file, Node route) {
        if (text(route, "id") == null) {
            faults.warning(file, line(route), "the route should have an id");
        }
        Node group = child(route, "group");
        if (group == null) {
            faults.warning(file, line(route), "the route should have a group, " + file.folder());
        } else if (!file.folder().equals(text(group))) {
            faults.warning(file, line(group), "the route's group should be its folder, " + file.folder());
        }
        described(file, route, "the route");
        if (child(route, "routeConfigurationId") == null) {
            faults.warning(
                    file,
                    line(route),
                    "the route should have a routeConfigurationId, which says how errors are handled");
        }
    }

    private void described(RouteFile file, Node node, String what) {
        String description = text(node, "description");
        if (description == null || description.isBlank()) {
            faults.warning(file, line(node), what + " should have a description");
        }
    }
}
