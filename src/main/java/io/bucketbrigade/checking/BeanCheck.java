package io.bucketbrigade.checking;

import static io.bucketbrigade.registry.YamlNodes.child;
import static io.bucketbrigade.registry.YamlNodes.text;

import io.bucketbrigade.problems.Suggestion;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/** Checks the definitions of beans: class, constructor, properties, and the beans they are made of. */
final class BeanCheck {
    private static final String DEFINITION = "BeanFactoryDefinition";

    private final KnownNames known;
    private final Faults faults;

    BeanCheck(KnownNames known, Faults faults) {
        this.known = known;
        this.faults = faults;
    }

    void check(List<Element> elements) {
        Set<String> local = localBeans(elements);
        for (Element element : elements) {
            if (element.definition().equals(DEFINITION)) {
                bean(element, local);
            } else if (!element.isExpression()) {
                attributes(element, local);
            }
        }
    }

    /** The beans that belong to a kamelet alone. */
    private static Set<String> localBeans(List<Element> elements) {
        return elements.stream()
                .filter(element ->
                        element.file().isKamelet() && element.definition().equals(DEFINITION))
                .map(element -> String.valueOf(element.text("name")))
                .collect(Collectors.toSet());
    }

    /** Attributes that refer to beans by a hash: {@code executorService: "#reading"}. */
    private void attributes(Element element, Set<String> local) {
        if (element.node() instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                String key = String.valueOf(text(entry.getKeyNode()));
                if (!Set.of("description", "note", "message", "id", "uri", "name", "path", "method")
                        .contains(key)) {
                    reference(element.file(), entry.getValueNode(), local);
                }
            }
        }
    }

    private void reference(RouteFile file, Node node, Set<String> local) {
        String name = KnownNames.referred(text(node));
        if (name != null && !known.hasBean(name) && !local.contains(name)) {
            faults.error(file, node, known.noBean(name));
        }
    }

    private void bean(Element element, Set<String> local) {
        Node node = element.node();
        RouteFile file = element.file();
        for (String part : List.of("constructors", "properties")) {
            if (child(node, part) instanceof MappingNode values) {
                for (NodeTuple entry : values.getValue()) {
                    reference(file, entry.getValueNode(), local);
                    isMadeBefore(element, entry.getValueNode());
                }
            }
        }
        String factoryBean = element.text("factoryBean");
        if (factoryBean != null && !known.hasBean(factoryBean)) {
            faults.error(file, element.at("factoryBean"), known.noBean(factoryBean));
        }
        String type = BeanClasses.named(node);
        if (type == null || element.text("script") != null || factoryBean != null) {
            return;
        }
        Class<?> found = BeanClasses.find(type).orElse(null);
        if (found == null) {
            faults.error(file, element.at("type"), noClass(type));
        } else if (element.text("builderClass") == null) {
            made(element, found);
        }
    }

    private void isMadeBefore(Element element, Node value) {
        String name = KnownNames.referred(text(value));
        if (name != null && known.isMadeAfter(name, element.file())) {
            faults.error(
                    element.file(),
                    value,
                    "the bean " + name + " is defined later ("
                            + known.beansInFiles().get(name)
                            + "); define it in this file");
        }
    }

    /** What is wrong where a class is named that the program does not have; classes of beans of the program are suggested. */
    private String noClass(String type) {
        List<String> classes = known.beans().stream()
                .<Class<?>>mapMulti((bean, sink) -> {
                    Class<?> one = known.classOf(bean);
                    if (one != null) {
                        sink.accept(one);
                    }
                })
                .map(Class::getName)
                .distinct()
                .toList();
        return "the class " + type + " is not in the program" + Suggestion.of(type, classes);
    }

    private void made(Element element, Class<?> type) {
        Node node = element.node();
        Node constructors = child(node, "constructors");
        int given =
                constructors instanceof MappingNode mapping ? mapping.getValue().size() : 0;
        String factory = element.text("factoryMethod");
        List<Executable> makers = new ArrayList<>();
        if (factory == null) {
            makers.addAll(List.of(given == 0 ? type.getDeclaredConstructors() : type.getConstructors()));
        } else {
            Stream.of(type.getMethods())
                    .filter(method -> method.getName().equals(factory) && Modifier.isStatic(method.getModifiers()))
                    .forEach(makers::add);
        }
        String simple = type.getSimpleName();
        if (factory != null && makers.isEmpty()) {
            faults.error(
                    element.file(),
                    element.at("factoryMethod"),
                    simple + " has no static method " + factory + Suggestion.of(factory, Methods.names(type)));
        } else if (makers.stream().noneMatch(maker -> maker.getParameterCount() == given)) {
            faults.error(element.file(), element.at("constructors"), arguments(simple, factory, given, makers));
        } else if (factory == null && Modifier.isAbstract(type.getModifiers())) {
            faults.error(element.file(), element.at("type"), simple + " is abstract, so it can't be a bean");
        }
        if (factory == null && child(node, "properties") instanceof MappingNode properties) {
            properties.getValue().forEach(entry -> property(element, type, entry));
        }
    }

    private static String arguments(String type, @Nullable String factory, int given, List<Executable> makers) {
        String wanted = makers.stream()
                .filter(maker -> !(maker instanceof Constructor<?>) || Modifier.isPublic(maker.getModifiers()))
                .map(Executable::getParameterCount)
                .distinct()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(" or "));
        return type + (factory == null ? "" : "." + factory) + " is given " + given
                + (given == 1 ? " argument" : " arguments")
                + (wanted.isEmpty() ? ", but has no public constructor" : "; it takes " + wanted);
    }

    private void property(Element element, Class<?> type, NodeTuple entry) {
        String name = String.valueOf(text(entry.getKeyNode())).split("[.\\[]", 2)[0];
        String plain = name.replace("-", "").toLowerCase(Locale.ROOT);
        List<String> setters = Stream.of(type.getMethods())
                .filter(method -> method.getParameterCount() == 1)
                .map(Method::getName)
                .toList();
        boolean exists = setters.stream()
                .map(setter -> setter.toLowerCase(Locale.ROOT))
                .anyMatch(setter ->
                        setter.equals("set" + plain) || setter.equals("with" + plain) || setter.equals(plain));
        if (!exists && !name.contains("{{")) {
            List<String> properties = setters.stream()
                    .filter(setter -> setter.startsWith("set") && setter.length() > 3)
                    .map(setter -> setter.substring(3, 4).toLowerCase(Locale.ROOT) + setter.substring(4))
                    .toList();
            faults.error(
                    element.file(),
                    entry.getKeyNode(),
                    type.getSimpleName() + " has no property " + name + Suggestion.of(name, properties));
        }
    }
}
