package io.bucketbrigade.starting;

import io.bucketbrigade.files.FolderTree;
import io.bucketbrigade.files.TextFile;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the route files that a command needs: those of the routes it calls, of the routes these lead to, of the route configurations
 * they name and of the beans they refer to. The text is searched instead of parsed, because a small command shall start fast; what is
 * found too much does no harm.
 */
final class RouteFiles {
    private static final String ENDING = ".camel.yaml";
    private static final Pattern DEFINED = Pattern.compile(
            "(?m)^- (?:route|routeConfiguration):\\s+id: (\\S+)|^    - name: (\\S+)\\s+type:|^ +from:\\s+(?:(?!uri:|steps:|\\{)\\S.*\\s+)*\\{? *uri: [\"']?(?:direct:(?://)?)?([^\\s\"',}]+)");
    private static final Pattern USED = Pattern.compile(
            "direct:(?://)?([\\w-]+)|routeConfigurationId: (\\S+)|\\bref: (\\S+)|#(?:bean:)?(\\w+)|\\$\\{ref:(\\w+)}");

    private RouteFiles() {}

    /**
     * The files, those that hold only beans first.
     *
     * @param folders where they may be
     * @param routes the ids of the routes that are called
     * @throws io.bucketbrigade.problems.Problem if a file can't be read
     */
    static List<Path> needed(List<Path> folders, Collection<String> routes) {
        Map<String, List<Path>> definedIn = new HashMap<>();
        Map<Path, String> texts = new HashMap<>();
        for (Path folder : folders) {
            for (Path file : FolderTree.files(folder)) {
                if (file.toString().endsWith(ENDING)) {
                    String text = TextFile.read(file);
                    texts.put(file, text);
                    names(DEFINED, text).forEach(name -> definedIn
                            .computeIfAbsent(withoutOptions(name), first -> new ArrayList<>())
                            .add(file));
                }
            }
        }
        Set<Path> needed = new LinkedHashSet<>();
        Deque<String> names = new ArrayDeque<>(routes);
        while (!names.isEmpty()) {
            for (Path file : definedIn.getOrDefault(names.pop(), List.of())) {
                if (needed.add(file)) {
                    names.addAll(names(USED, texts.getOrDefault(file, "")));
                }
            }
        }
        List<Path> files = new ArrayList<>(needed);
        files.sort((one, other) -> Boolean.compare(hasRoute(texts, one), hasRoute(texts, other)));
        return files;
    }

    /** The addresses with which the routes in a text begin, without {@code direct:}. */
    static Set<String> begins(String text) {
        return DEFINED.matcher(text)
                .results()
                .map(found -> found.group(3))
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String withoutOptions(String address) {
        return address.replaceFirst("\\?.*", "");
    }

    private static boolean hasRoute(Map<Path, String> texts, Path file) {
        return texts.getOrDefault(file, "").contains("- route:");
    }

    private static List<String> names(Pattern pattern, String text) {
        List<String> names = new ArrayList<>();
        pattern.matcher(text).results().forEach(found -> {
            for (int group = 1; group <= found.groupCount(); group++) {
                if (found.group(group) != null) {
                    names.add(found.group(group));
                }
            }
        });
        return names;
    }
}
