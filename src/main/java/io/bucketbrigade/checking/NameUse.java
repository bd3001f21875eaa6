package io.bucketbrigade.checking;

import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.registry.YamlNodes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A place where a variable or a header is read.
 *
 * @param file the file
 * @param line the line in it
 * @param path the variable or header, perhaps followed by parts of it: Camel first takes the whole for a name
 */
record NameUse(Path file, int line, String path) implements Comparable<NameUse> {
    /** Not a variable of another scope, such as global:NAME. */
    static final Pattern VARIABLE = Pattern.compile(
            "\\$\\{variable(?:s?[.:]|s?\\[['\"]?|As\\(['\"]?)([\\w.-]++)(?!:)(?<!variables\\.size|variables\\.length)");

    static final Pattern HEADER = Pattern.compile(
            "\\$\\{(?:in\\.)?header(?:s?[.:]|s?\\[['\"]?|As\\(['\"]?)([\\w.-]++)(?<!headers\\.size|headers\\.length)");

    private static final Comparator<NameUse> ORDER =
            Comparator.comparing(NameUse::file).thenComparingInt(NameUse::line).thenComparing(NameUse::path);

    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*--.*$");

    /** Those in a file with SQL; none if it can't be read, which is said elsewhere. */
    static List<NameUse> inSql(Path file, Pattern kind) {
        try {
            String text = COMMENT.matcher(TextFile.read(file)).replaceAll(comment -> "\n"
                    .repeat((int) comment.group().lines().count() - 1));
            return kind.matcher(text)
                    .results()
                    .map(found -> new NameUse(file, line(text, found.start()), found.group(1)))
                    .toList();
        } catch (Problem unreadable) {
            return List.of();
        }
    }

    private static int line(String text, int at) {
        return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
    }

    /**
     * Those in the texts of a file with routes.
     *
     * @param isSql whether only SQL in addresses is meant
     */
    static List<NameUse> inRoutes(RouteFile file, Pattern kind, boolean isSql) {
        List<NameUse> uses = new ArrayList<>();
        Texts.below(file.root(), (key, scalar) -> {
            if (!isSql || scalar.getValue().startsWith("sql:")) {
                kind.matcher(scalar.getValue())
                        .results()
                        .forEach(found -> uses.add(
                                new NameUse(file.path(), YamlNodes.line(scalar, found.start()), found.group(1))));
            }
            if (kind.equals(VARIABLE)
                    && Set.of("variable", "variableSend").contains(key)
                    && isName(scalar.getValue())) {
                uses.add(new NameUse(file.path(), YamlNodes.line(scalar), scalar.getValue()));
            }
        });
        return uses;
    }

    /** What is before the first dot. */
    String name() {
        return path.replaceFirst("\\..*", "");
    }

    boolean isAmong(Set<String> names) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
            if (names.contains(path.substring(0, end))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isName(String text) {
        return text.matches("[\\w.-]+");
    }

    @Override
    public int compareTo(NameUse other) {
        return ORDER.compare(this, other);
    }
}
