package io.bucketbrigade.checking;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.YamlFile;
import io.bucketbrigade.registry.YamlNodes;
import io.bucketbrigade.web.ContractFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Names files that nothing reads because their names are nearly, but not quite, those of a pipeline's files. */
final class UnreadFiles {
    private static final Pattern YAML = Pattern.compile("(?i)(.+)\\.ya?ml");
    private static final Pattern ROUTES = Pattern.compile("(?i)(.+)\\.(camel|kamelet)\\.ya?ml");
    private static final Pattern ENDING = Pattern.compile("\\.(ya?ml|[cm]?[jt]s|css)$");
    private static final Set<String> FILES = Set.of(Pipeline.FILE, ContractFiles.FILE, "page.js", "page.css");
    private static final Set<String> FOLDERS = Set.of("migrations", "samples");
    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();
    /** Letters that may be wrong. */
    private static final int MOST = 1;

    private final Set<Path> named = new TreeSet<>();
    private final Faults faults;

    /** @param files the files with routes, which may name others */
    UnreadFiles(List<RouteFile> files, KnownNames known, Faults faults) {
        this.faults = faults;
        files.forEach(file -> Texts.below(file.root(), (key, scalar) -> {
            Matcher match = ResourceCheck.NAMED.matcher(scalar.getValue());
            while (match.find()) {
                String name = known.resolved(ResourceCheck.named(match));
                if (!KnownNames.isDecidedLater(name)) {
                    named.add(FilePaths.of(name));
                }
            }
        }));
    }

    /**
     * Checks the folders in a folder with pipelines, and itself.
     *
     * @throws Problem if one can't be read
     */
    void check(Path root) {
        folder(root);
        content(root).stream().filter(Files::isDirectory).forEach(this::folder);
    }

    private void folder(Path folder) {
        boolean isPipeline = Files.isRegularFile(folder.resolve(Pipeline.FILE));
        for (Path file : content(folder)) {
            meant(file, isPipeline).ifPresent(meant -> {
                if (Files.exists(file.resolveSibling(meant))) {
                    faults.warning(file, 0, "it is not read, but " + meant + " is; remove one of them");
                } else {
                    faults.add(
                            new Fault(file, 0, !isCertain(file, meant), "it is not read; did you mean " + meant + "?"));
                }
            });
        }
    }

    /** Nothing else can be meant by another letter case, or by yml for yaml. */
    private static boolean isCertain(Path file, String meant) {
        return String.valueOf(file.getFileName())
                .toLowerCase(Locale.ROOT)
                .replaceFirst("\\.yml$", ".yaml")
                .equals(meant.toLowerCase(Locale.ROOT));
    }

    private static List<Path> content(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Problem(Kind.USAGE, folder + " can't be read.", e);
        }
    }

    /** The name that a file should have; empty if it is right, or something else. */
    private Optional<String> meant(Path file, boolean isPipeline) {
        String name = String.valueOf(file.getFileName());
        if (Files.isDirectory(file)) {
            return isPipeline ? near(name, FOLDERS) : Optional.empty();
        }
        if (RouteFile.isOne(file) || named.contains(file)) {
            return Optional.empty();
        }
        Matcher routes = ROUTES.matcher(name);
        if (routes.matches()) {
            return Optional.of(routes.group(1) + "." + routes.group(2).toLowerCase(Locale.ROOT) + ".yaml");
        }
        Optional<String> near = near(name, isPipeline ? FILES : Set.of(Pipeline.FILE));
        Matcher yaml = YAML.matcher(name);
        return near.isEmpty() && isPipeline && !FILES.contains(name) && yaml.matches() && hasRoute(file)
                ? Optional.of(yaml.group(1) + ".camel.yaml")
                : near;
    }

    private static boolean hasRoute(Path file) {
        try {
            return YamlFile.root(file) instanceof SequenceNode list
                    && list.getValue().stream()
                            .anyMatch(item ->
                                    YamlNodes.child(item, "route") != null || YamlNodes.child(item, "from") != null);
        } catch (Problem unreadable) {
            return false;
        }
    }

    private static Optional<String> near(String name, Set<String> known) {
        return known.contains(name)
                ? Optional.empty()
                : known.stream().filter(one -> isNear(name, one)).sorted().findFirst();
    }

    /** Endings are compared by kind, so that page.md is nobody's page.js. */
    private static boolean isNear(String name, String known) {
        String mine = name.toLowerCase(Locale.ROOT);
        return DISTANCE.apply(
                                ENDING.matcher(mine).replaceFirst(""),
                                ENDING.matcher(known).replaceFirst(""))
                        <= MOST
                && kind(mine).equals(kind(known));
    }

    private static String kind(String name) {
        Matcher ending = ENDING.matcher(name);
        String kind = ending.find() ? ending.group(1) : "";
        return kind.startsWith("y") ? "yaml" : kind.endsWith("js") || kind.endsWith("ts") ? "js" : kind;
    }
}
