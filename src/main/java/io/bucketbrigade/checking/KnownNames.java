package io.bucketbrigade.checking;

import static io.bucketbrigade.registry.YamlNodes.child;
import static io.bucketbrigade.registry.YamlNodes.text;

import io.bucketbrigade.problems.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** All names that routes may refer to. Repeated names are among the faults. */
final class KnownNames {
    private static final String DIRECT = "direct:";
    private static final String CLAIM = "claim:";
    private static final Pattern REFERENCE = Pattern.compile("#(?:bean:)?([A-Za-z][\\w.-]*)");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]*)}}");

    private final Faults faults;
    private final Map<String, Place> routes = new HashMap<>();
    private final Map<String, Place> consumers = new HashMap<>();
    private final Set<String> claims = new HashSet<>();
    private final Map<String, Place> configurations = new HashMap<>();
    private final Map<String, Place> templates = new HashMap<>();
    private final Map<String, Place> kamelets = new HashMap<>();
    private final Map<String, Place> beansInFiles = new TreeMap<>();
    private final Map<String, Class<?>> programBeans;
    private final Map<String, String> placeholders;
    private final Set<String> pipelines;
    private final List<RouteFile> files;

    /**
     * Where something is defined.
     *
     * @param file the file
     * @param node what defines it
     */
    record Place(RouteFile file, Node node) {
        @Override
        public String toString() {
            return Fault.shown(file.path()) + ", line " + file.line(node);
        }
    }

    /**
     * Collects them.
     *
     * @param files all files, in the order in which they are loaded
     * @param programBeans the beans of the program, with their classes
     * @param placeholders what may be written between double braces, with its value
     * @param pipelines the names of the pipelines
     */
    KnownNames(
            List<RouteFile> files,
            Map<String, Class<?>> programBeans,
            Map<String, String> placeholders,
            Set<String> pipelines,
            Faults faults) {
        this.files = List.copyOf(files);
        this.programBeans = Map.copyOf(programBeans);
        this.placeholders = Map.copyOf(placeholders);
        this.pipelines = Set.copyOf(pipelines);
        this.faults = faults;
        files.forEach(this::collect);
    }

    private void collect(RouteFile file) {
        if (file.isKamelet()) {
            Node root = file.root();
            if (root != null) {
                define(kamelets, "kamelet", file.name(), new Place(file, root));
                collectConsumer(file, child(child(child(root, "spec"), "template"), "from"));
            }
        } else if (file.root() instanceof SequenceNode list) {
            list.getValue().forEach(item -> collect(file, item));
        }
    }

    private void collect(RouteFile file, Node item) {
        collectRoute(file, child(item, "route"));
        collectConsumer(file, child(item, "from"));
        collectNamed(file, child(item, "routeConfiguration"), configurations, "route configuration", "id");
        collectNamed(file, child(item, "routeTemplate"), templates, "route template", "id");
        collectConsumer(file, child(child(item, "routeTemplate"), "from"));
        if (child(item, "beans") instanceof SequenceNode beans) {
            beans.getValue().forEach(bean -> collectNamed(file, bean, beansInFiles, "bean", "name"));
        }
        Node rest = child(item, "rest");
        String restId = text(child(rest, "openApi"), "routeId");
        if (rest != null && restId != null) {
            define(routes, "route", restId, new Place(file, rest));
        }
    }

    private void collectRoute(RouteFile file, @Nullable Node route) {
        collectNamed(file, route, routes, "route", "id");
        collectConsumer(file, child(route, "from"));
    }

    private void collectConsumer(RouteFile file, @Nullable Node from) {
        String uri = text(from, "uri");
        Node at = child(from, "uri");
        String address = uri == null ? "" : resolved(uri);
        if (address.startsWith(CLAIM)) {
            claims.add(EndpointUri.of(address).path());
        }
        if (at != null && address.startsWith(DIRECT)) {
            Place place = new Place(file, at);
            Place other = consumers.putIfAbsent(EndpointUri.of(address).path(), place);
            if (other != null && !isDecidedLater(address)) {
                twice(place, "another route begins with " + uri + " too: " + other);
            }
        }
    }

    private void collectNamed(RouteFile file, @Nullable Node node, Map<String, Place> known, String kind, String key) {
        String name = text(node, key);
        Node at = child(node, key);
        if (name != null && at != null) {
            define(known, kind, name, new Place(file, at));
        }
    }

    private void define(Map<String, Place> known, String kind, String name, Place place) {
        Place other = known.putIfAbsent(name, place);
        if (other != null) {
            twice(place, "there is another " + kind + " called " + name + ": " + other);
        } else if (kind.equals("bean") && programBeans.containsKey(name)) {
            twice(place, "the program itself has a bean called " + name + "; choose another name");
        }
    }

    private void twice(Place place, String what) {
        if (place.file().isChecked()) {
            faults.error(place.file(), place.node(), what);
        }
    }

    Map<String, Place> routes() {
        return routes;
    }

    /** The names behind {@code direct:} with which routes begin. */
    Set<String> consumers() {
        return consumers.keySet();
    }

    /** Whether a route begins with {@code claim:} and the name of that pipeline. */
    boolean isClaimed(String pipeline) {
        return isAmong(claims, pipeline);
    }

    /** Whether a route begins with that name behind {@code direct:}; one in a template may, whatever its parameters are. */
    boolean hasConsumer(String name) {
        return isAmong(consumers.keySet(), name);
    }

    private static boolean isAmong(Set<String> names, String name) {
        return names.contains(name) || names.stream().anyMatch(template -> fits(template, name));
    }

    /** Whether a name may become another one, whatever is put in for its parameters and expressions. */
    static boolean fits(String template, String name) {
        return isDecidedLater(template)
                ? name.matches(Pattern.quote(template)
                        .replaceAll("\\$\\{[^{}]*}|\\{\\{[^{}]*}}", Matcher.quoteReplacement("\\E.*\\Q")))
                : template.equals(name);
    }

    Map<String, Place> configurations() {
        return configurations;
    }

    Map<String, Place> kamelets() {
        return kamelets;
    }

    Set<String> placeholders() {
        return placeholders.keySet();
    }

    /** A text with the values of the settings in it; what is not a setting stays as it is. */
    String resolved(String text) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(
                        match -> Matcher.quoteReplacement(placeholders.getOrDefault(match.group(1), match.group())));
    }

    /** Whether a value is known at start or for each message only. */
    static boolean isDecidedLater(String value) {
        return value.contains("{{") || value.contains("${");
    }

    Set<String> pipelines() {
        return pipelines;
    }

    /** The beans that are defined in files. */
    Map<String, Place> beansInFiles() {
        return beansInFiles;
    }

    boolean hasBean(String name) {
        return programBeans.containsKey(name) || beansInFiles.containsKey(name);
    }

    /** The bean that a value such as {@code #bean:database} or {@code #database} refers to; null if it refers to none. */
    static @Nullable String referred(@Nullable String value) {
        Matcher reference = REFERENCE.matcher(String.valueOf(value));
        return reference.matches() ? reference.group(1) : null;
    }

    /** What is wrong where a bean is named that does not exist. */
    String noBean(String name) {
        return "there is no bean " + name + Suggestion.of(name, beans());
    }

    /** The names of all beans. */
    Set<String> beans() {
        Set<String> names = new HashSet<>(programBeans.keySet());
        names.addAll(beansInFiles.keySet());
        return names;
    }

    /** The class of a bean; null if it can't be determined. */
    @Nullable
    Class<?> classOf(String bean) {
        Class<?> part = programBeans.get(bean);
        Place place = beansInFiles.get(bean);
        return part != null || place == null ? part : BeanClasses.made(parentOf(place));
    }

    /** The bean's mapping around its name. */
    private static Node parentOf(Place place) {
        List<Node> found = new ArrayList<>();
        if (place.file().root() instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                if (child(item, "beans") instanceof SequenceNode beans) {
                    beans.getValue().stream()
                            .filter(bean -> place.node().equals(child(bean, "name")))
                            .forEach(found::add);
                }
            }
        }
        return found.isEmpty() ? place.node() : found.get(0);
    }

    /** Whether a bean is defined in a file that is loaded after another: the beans of a file are made when it is loaded. */
    boolean isMadeAfter(String bean, RouteFile file) {
        Place place = beansInFiles.get(bean);
        return place != null && !programBeans.containsKey(bean) && files.indexOf(place.file()) > files.indexOf(file);
    }
}
