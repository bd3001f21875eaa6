package io.bucketbrigade.cli;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.FolderTree;
import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsFile;
import io.bucketbrigade.settings.SettingsFile.Line;
import io.bucketbrigade.settings.SettingsFile.Lost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What keeps golden samples from testing what they seem to test: settings that can't be used, and folders that expect nothing. */
final class SampleFaults {
    private final Pipeline pipeline;
    private final Set<Path> samples;
    private final Set<String> variables;
    private final List<String> found = new ArrayList<>();

    private SampleFaults(Pipeline pipeline, List<GoldenSample> samples, Settings settings) {
        this.pipeline = pipeline;
        this.samples = samples.stream().map(GoldenSample::folder).collect(Collectors.toSet());
        this.variables =
                settings.values().keySet().stream().map(Settings::variable).collect(Collectors.toSet());
    }

    /** A line for each fault in the samples of a pipeline. */
    static List<String> of(Pipeline pipeline, List<GoldenSample> samples, Settings settings) throws IOException {
        SampleFaults faults = new SampleFaults(pipeline, samples, settings);
        if (Files.isDirectory(pipeline.samples())) {
            faults.settings();
            faults.foldersBelow(pipeline.samples());
        }
        return faults.found;
    }

    private void settings() {
        Set<Path> files = new TreeSet<>(Set.of(pipeline.samples().resolve(GoldenSample.SETTINGS)));
        samples.forEach(sample -> files.add(sample.resolve(GoldenSample.SETTINGS)));
        files.removeIf(file -> !Files.exists(file));
        for (Path file : files) {
            for (Line line : SettingsFile.read(file, variables::contains)) {
                String fault = fault(line.key(), line.lost());
                if (!fault.isEmpty()) {
                    found.add(FilePaths.shown(file) + ", line " + line.number() + ": " + line.key() + fault);
                }
            }
        }
    }

    private String fault(String name, @Nullable Lost lost) {
        if (variables.contains(name)) {
            return lost == null ? "" : lost.what() + Lost.ADVICE + ".";
        }
        String variable = Settings.variable(name);
        if (variables.contains(variable)) {
            return " is not read; write it as " + variable + ".";
        }
        String meant = Suggestion.of(name, variables);
        return " is not a setting"
                + (meant.isEmpty() ? "; write the variable of a setting, such as BRIGADE_POLL." : meant);
    }

    private void foldersBelow(Path parent) throws IOException {
        List<Path> demo = DemoSamples.files(pipeline);
        for (Path folder : folders(parent)) {
            boolean isOfDemo = demo.stream().map(pipeline.samples()::resolve).anyMatch(file -> file.startsWith(folder));
            boolean isWithSamples = samples.stream().anyMatch(sample -> sample.startsWith(folder));
            if (isWithSamples && !samples.contains(folder)) {
                foldersBelow(folder);
            } else if (!isWithSamples && !isOfDemo && hasInputs(folder)) {
                found.add(FilePaths.shown(folder)
                        + " has no NAME.expected.csv and no error.expected.txt, so nothing would be compared. Add one, or"
                        + " remove the folder.");
            }
        }
    }

    private static List<Path> folders(Path parent) throws IOException {
        try (Stream<Path> content = Files.list(parent)) {
            return content.filter(Files::isDirectory)
                    .filter(folder -> !String.valueOf(folder.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    /** Whether a file is an input, seen from this folder or from one below it. */
    private boolean hasInputs(Path folder) {
        InputFiles inputs = pipeline.definition().inputs();
        return inputs != null
                && FolderTree.files(folder).stream().map(folder::relativize).anyMatch(file -> IntStream.range(
                                0, file.getNameCount())
                        .mapToObj(start -> file.subpath(start, file.getNameCount()))
                        .anyMatch(part -> inputs.find(part.toString()).isPresent()));
    }
}
