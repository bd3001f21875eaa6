package io.bucketbrigade.registry;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Suggestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
        return read(roots, "");
    }

    /**
     * Reads the pipeline of a name below some folders, so that no other one stops what is only about it.
     *
     * @param only its name; blank for all pipelines
     * @throws Problem if a pipeline.yaml can't be used, or two pipelines have the same name
     */
    public static Pipelines read(List<Path> roots, String only) {
        List<Pipeline> found = new ArrayList<>();
        for (Path root : roots) {
            for (Path folder : folders(root)) {
                String name = String.valueOf(folder.getFileName());
                if (!only.isEmpty() && !only.equals(name)) {
                    continue;
                }
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
     * @param settings the names of all settings
     * @throws Problem if one does not exist; says where it is named
     */
    public void requireSettings(Set<String> settings) {
        all.forEach(pipeline -> requireSettings(pipeline.folder(), pipeline.definition(), settings, fault -> {
            throw fault;
        }));
    }

    private static void requireSettings(
            Path folder, Definition definition, Set<String> settings, Consumer<Problem> faults) {
        // A hyphen in the name of a pipeline may be a dot in those of its settings, as both are in variables.
        String prefix = (folder.getFileName() + ".").replace('-', '.');
        List<String> own = settings.stream()
                .filter(name -> name.replace('-', '.').startsWith(prefix))
                .toList();
        definition
                .entries()
                .filter(entry -> entry.isSetting() && entry.value() != null && !settings.contains(entry.value()))
                .forEach(entry -> {
                    String meant = Suggestion.of(String.valueOf(entry.value()), own);
                    faults.accept(YamlFile.problem(
                            folder.resolve(Pipeline.FILE),
                            entry.key(),
                            entry.key() + " names the setting " + entry.value() + ", which does not exist"
                                    + (meant.isEmpty() ? ". Define it in a .properties file beside it." : meant)));
                });
    }

    /**
     * Checks the pipeline.yaml of one pipeline.
     *
     * @param settings the names of all settings
     * @param faults gets what is wrong but keeps nobody from reading on, with file and line
     * @throws Problem if it can't be read further; with file and line
     */
    public static void check(Path folder, Set<String> settings, Consumer<Problem> faults) {
        requireSettings(folder, PipelineFile.read(folder.resolve(Pipeline.FILE), faults), settings, faults);
    }
}
