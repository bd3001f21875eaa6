package io.bucketbrigade.checking;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the program has of one kind of Camel's parts. Each library lists them in a file.
 *
 * @param names their names
 */
record Components(SortedSet<String> names) {
    private static final String LISTS = "META-INF/services/org/apache/camel/";

    /**
     * Those of a kind.
     *
     * @param kind {@code component}, {@code language} or {@code dataFormat}
     */
    static Components ofProgram(String kind) {
        SortedSet<String> names = new TreeSet<>();
        try {
            List<URL> lists = new ArrayList<>(Collections.list(Components.class
                    .getClassLoader()
                    .getResources(LISTS + kind.toLowerCase(Locale.ROOT) + ".properties")));
            for (URL list : lists) {
                Properties properties = new Properties();
                try (InputStream in = list.openStream()) {
                    properties.load(in);
                }
                names.addAll(List.of(properties.getProperty(kind + "s", "").split(" ")));
            }
        } catch (IOException e) {
            throw new Problem(Kind.INTERNAL, "Camel's lists of its components can't be read from the program", e);
        }
        return new Components(names);
    }

    /** Whether there is one of that name; its library may list it in no file, and only offer it. */
    boolean has(String name) {
        return names.contains(name)
                || Components.class.getClassLoader().getResource(LISTS + "component/" + name) != null;
    }
}
