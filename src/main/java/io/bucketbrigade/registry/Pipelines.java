package io.bucketbrigade.registry;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.Definition.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All pipelines there are: each folder with a pipeline.yaml is one. */
public final class Pipelines {
    private static final Comparator<Pipeline> ORDER = Comparator.<Pipeline>comparingInt(
                    pipeline -> pipeline.definition().order())
            .thenComparing(Pipeline::name);

    private final List<Pipeline> all;

    private Pipelines(List<Pipeline> all) {
        this.all = List.copyOf(all);
    }

    /**
     * Reads the pipelines below some folders.
     *
     * @throws Problem if a pipeline.yaml can't be used, or two pipelines have the same name
     */
    public static Pipelines read(List<Path> roots) {
        List<Pipeline> found = new ArrayList<>();
        for (Path root : roots) {
            for (Path folder : folders(root)) {
                String name = String.valueOf(folder.getFileName());
                found.stream()
                        .filter(other -> other.name().equals(name))
                        .findFirst()
                        .ifPresent(other -> {
                            throw new Problem(
                                    Kind.USAGE,
                                    "There are two pipelines called " + name + ": " + other.folder() + " and " + folder
                                            + ". Rename one of the folders.");
                        });
                found.add(new Pipeline(name, folder, PipelineFile.read(folder.resolve(Pipeline.FILE))));
            }
        }
        found.sort(ORDER);
        return new Pipelines(found);
    }

    /**
     * The folders below a root that are pipelines; the root alone, if it is one itself.
     *
     * @throws Problem if the root can't be read
     */
    public static List<Path> folders(Path root) {
        return files(root, Pipeline.FILE).stream().map(Path::getParent).toList();
    }

    /**
     * The files of that name in the folders below a root, or in the root itself where that is a pipeline's own folder.
     *
     * @throws Problem if the root can't be read
     */
    public static List<Path> files(Path root, String name) {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        boolean isPipeline = Files.isRegularFile(root.resolve(Pipeline.FILE));
        try (Stream<Path> folders = isPipeline ? Stream.of(root) : Files.list(root)) {
            return folders.map(folder -> folder.resolve(name))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Problem(Kind.USAGE, root + " can't be read.", e);
        }
    }

    /** All of them, in the order in which they are shown. */
    public List<Pipeline> all() {
        return all;
    }

    /** The pipeline of that name, if there is one. */
    public Optional<Pipeline> find(String name) {
        return all.stream().filter(pipeline -> pipeline.name().equals(name)).findFirst();
    }

    /**
     * The pipeline of that name.
     *
     * @throws Problem if there is none; names those there are
     */
    public Pipeline get(String name) {
        return find(name)
                .orElseThrow(() ->
                        new Problem(Kind.MISSING, "There is no pipeline '" + name + "'. There are: " + names() + "."));
    }

    /** Their names, for people. */
    public String names() {
        return all.stream().map(Pipeline::name).collect(Collectors.joining(", "));
    }

    /**
     * Checks that the settings exist that each pipeline.yaml names.
     *
     * @param exists whether there is a setting of that name
     * @throws Problem if one does not; says where it is named
     */
    public void requireSettings(Predicate<String> exists) {
        all.forEach(pipeline -> requireSettings(pipeline.file(), pipeline.definition(), exists));
    }

    private static void requireSettings(Path file, Definition definition, Predicate<String> exists) {
        definition
                .entries()
                .filter(Entry::isSetting)
                .filter(entry -> !exists.test(String.valueOf(entry.value())))
                .findFirst()
                .ifPresent(entry -> {
                    throw YamlFile.problem(
                            file,
                            entry.key(),
                            entry.key() + " names the setting " + entry.value()
                                    + ", which does not exist. Define it in a .properties file beside it.");
                });
    }

    /**
     * Checks the pipeline.yaml of one pipeline.
     *
     * @param exists whether there is a setting of that name
     * @throws Problem if it can't be used
     */
    public static void check(Path folder, Predicate<String> exists) {
        Path file = folder.resolve(Pipeline.FILE);
        requireSettings(file, PipelineFile.read(file), exists);
    }
}
