package io.bucketbrigade.checking;

import static io.bucketbrigade.registry.YamlNodes.text;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** The classes of beans that are defined in files. */
final class BeanClasses {
    private BeanClasses() {}

    /** The class of that name; empty if the program has none. */
    static Optional<Class<?>> find(String name) {
        try {
            return Optional.of(Class.forName(name, false, BeanClasses.class.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError missing) {
            return Optional.empty();
        }
    }

    /** The class that a bean's type names; null if it names none that can be determined. */
    static @Nullable String named(Node bean) {
        String type = text(bean, "type");
        String name = type == null ? "" : type.replaceFirst("^#class:", "");
        return name.matches("[\\w.$]+") ? name : null;
    }

    /** The class of what a bean's definition makes; null if it can't be determined. */
    static @Nullable Class<?> made(Node bean) {
        String name = named(bean);
        Class<?> type =
                name == null || text(bean, "script") != null ? null : find(name).orElse(null);
        String factory = text(bean, "factoryMethod");
        if (type == null || factory == null) {
            return type;
        }
        return text(bean, "factoryBean") != null
                ? null
                : Stream.of(type.getMethods())
                        .filter(method -> method.getName().equals(factory))
                        .<Class<?>>map(Method::getReturnType)
                        .filter(made -> !Modifier.isAbstract(made.getModifiers()) && made != Object.class)
                        .findFirst()
                        .orElse(null);
    }
}
