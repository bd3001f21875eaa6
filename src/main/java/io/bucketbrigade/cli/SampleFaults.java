package io.bucketbrigade.cli;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Suggestion;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.settings.Settings;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What keeps golden samples from testing what they seem to test: settings that do not exist, and folders that expect nothing. */
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

    private void settings() throws IOException {
        Set<Path> files = new TreeSet<>(Set.of(pipeline.samples().resolve(GoldenSample.SETTINGS)));
        samples.forEach(sample -> files.add(sample.resolve(GoldenSample.SETTINGS)));
        for (Path file : files) {
            if (Files.exists(file)) {
                settings(file);
            }
        }
    }

    private void settings(Path file) throws IOException {
        String text = TextFile.read(file);
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        properties.stringPropertyNames().stream()
                .filter(name -> !variables.contains(name))
                .sorted()
                .forEach(name -> {
                    String meant = Suggestion.of(name, variables);
                    found.add(FilePaths.shown(file) + ", line " + line(text, name) + ": " + name + " is not a setting"
                            + (meant.isEmpty() ? "; write the variable of a setting, such as BRIGADE_POLL." : meant));
                });
    }

    private static long line(String text, String name) {
        return 1
                + text.lines().takeWhile(line -> !line.strip().startsWith(name)).count();
    }

    private void foldersBelow(Path parent) throws IOException {
        List<Path> demo = DemoSamples.files(pipeline);
        for (Path folder : folders(parent)) {
            boolean isOfDemo = demo.stream().map(pipeline.samples()::resolve).anyMatch(file -> file.startsWith(folder));
            boolean isWithSamples = samples.stream().anyMatch(sample -> sample.startsWith(folder));
            if (isWithSamples && !samples.contains(folder)) {
                foldersBelow(folder);
            } else if (!isWithSamples && !isOfDemo && hasFiles(folder)) {
                found.add(FilePaths.shown(folder)
                        + " has no NAME.expected.csv and no error.expected.txt, so nothing would be compared. Add one, or"
                        + " remove the folder.");
            }
        }
    }

    private static List<Path> folders(Path parent) throws IOException {
        try (Stream<Path> content = Files.list(parent)) {
            return content.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static boolean hasFiles(Path folder) throws IOException {
        try (Stream<Path> content = Files.walk(folder)) {
            return content.anyMatch(Files::isRegularFile);
        }
    }
}
