package io.bucketbrigade.checking;

import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.registry.YamlNodes;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Checks that beans, their methods and route configurations exist where routes name them. */
final class ReferenceCheck {
    private static final Pattern IN_EXPRESSION = Pattern.compile("\\$\\{(?:ref:|bean:(?:ref:)?)([\\w.-]+)");
    /** Keys whose text names a bean as it is. */
    private static final Map<String, String> BEAN_KEYS = Map.of(
            "BeanDefinition", "ref",
            "MethodCallExpression", "ref",
            "ProcessDefinition", "ref",
            "RefExpression", "expression",
            "PolicyDefinition", "ref",
            "IdempotentConsumerDefinition", "idempotentRepository",
            "CustomLoadBalancerDefinition", "ref",
            "RefErrorHandlerDefinition", "ref");

    private final KnownNames known;
    private final Faults faults;

    ReferenceCheck(KnownNames known, Faults faults) {
        this.known = known;
        this.faults = faults;
    }

    void check(RouteFile file, List<Element> elements) {
        for (Element element : elements) {
            String key = BEAN_KEYS.get(element.definition());
            if (key != null) {
                bean(element, key);
            }
            if (element.definition().equals("RouteDefinition")) {
                configuration(element);
            }
        }
        Texts.below(file.root(), (key, scalar) -> beansInExpression(file, scalar));
    }

    private void bean(Element element, String key) {
        String ref = element.definition().equals("MethodCallExpression") ? element.text(key) : element.textOr(key);
        String type = element.text("beanType");
        Class<?> target = null;
        if (ref != null && isName(ref)) {
            String name = ref.replaceFirst("^(ref:|#bean:|#)", "");
            if (!known.hasBean(name)
                    && !isKameletsOwn(element, name)
                    && BeanClasses.find(name).isEmpty()) {
                faults.error(element.file(), element.at(key), known.noBean(name));
            }
            target = known.classOf(name);
        } else if (type != null && isName(type)) {
            target = BeanClasses.find(type).orElse(null);
            if (target == null) {
                faults.error(element.file(), element.at("beanType"), "the class " + type + " is not in the program");
            }
        }
        String method = element.text("method");
        if (target != null && method != null && !method.contains("{{")) {
            Methods.wrong(target, method).ifPresent(what -> faults.error(element.file(), element.at("method"), what));
        }
    }

    /** Whether it is a plain name, and not put together at start or made where it is named. */
    private static boolean isName(String text) {
        return !text.contains("{{")
                && !text.contains("${")
                && !text.startsWith("#class:")
                && !text.startsWith("#type:");
    }

    private static boolean isKameletsOwn(Element element, String name) {
        Node template = YamlNodes.child(YamlNodes.child(element.file().root(), "spec"), "template");
        return YamlNodes.child(template, "beans") instanceof SequenceNode beans
                && beans.getValue().stream().anyMatch(bean -> name.equals(YamlNodes.text(bean, "name")));
    }

    private void configuration(Element route) {
        String ids = route.text("routeConfigurationId");
        if (ids == null || ids.contains("{{")) {
            return;
        }
        for (String id : ids.split(",", -1)) {
            String name = id.strip();
            if (!name.contains("*") && !known.configurations().containsKey(name)) {
                faults.error(
                        route.file(),
                        route.at("routeConfigurationId"),
                        "there is no route configuration " + name
                                + Suggestion.of(name, known.configurations().keySet()));
            }
        }
    }

    private void beansInExpression(RouteFile file, ScalarNode scalar) {
        Matcher reference = IN_EXPRESSION.matcher(scalar.getValue());
        while (reference.find()) {
            String whole = reference.group(1);
            String name = known.hasBean(whole) ? whole : whole.split("\\.", 2)[0];
            if (!name.equals("type") && !known.hasBean(name)) {
                faults.error(file.path(), YamlNodes.line(scalar, reference.start()), known.noBean(name));
            }
        }
    }
}
