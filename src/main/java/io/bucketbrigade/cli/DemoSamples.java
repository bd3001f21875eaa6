package io.bucketbrigade.cli;

import io.bucketbrigade.registry.Definition.Marker;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The samples of all pipelines, in folders of the demo's own. */
final class DemoSamples {
    private DemoSamples() {}

    /**
     * Settings that keep a demo apart from what is the user's: all folders of pipelines, and people who would get mails; and what each
     * pipeline's demo does differently.
     */
    static Map<String, String> settings(Settings own, Pipelines pipelines) {
        Map<String, String> settings = new HashMap<>(Map.of("brigade.mail.to", "", "brigade.sns.topic", ""));
        for (Pipeline pipeline : pipelines.all()) {
            Stream.concat(own.places(false).stream(), own.places(true).stream())
                    .filter(own.keysOf(pipeline.name())::contains)
                    .forEach(key -> settings.put(key, own.standard(key)));
            settings.putAll(pipeline.definition().demo().settings());
        }
        return settings;
    }

    /** What the demo puts into a pipeline's location, as paths below its samples; nothing, if it only sends rows. */
    static List<Path> files(Pipeline pipeline) throws IOException {
        InputFiles inputs = pipeline.definition().inputs();
        Path samples = pipeline.samples();
        if (inputs == null || !Files.isDirectory(samples)) {
            return List.of();
        }
        List<String> named = pipeline.definition().demo().files();
        if (named.isEmpty() && pipeline.definition().demo().send() != null) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(samples)) {
            return files.filter(Files::isRegularFile)
                    .map(samples::relativize)
                    .filter(file -> named.isEmpty()
                            ? inputs.find(file.toString()).isPresent()
                            : named.contains(file.getName(0).toString()))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Puts the samples of a pipeline into its folder, the marker last; files that exist already stay, because the user may have changed
     * it.
     *
     * @throws IOException if they can't be put there
     */
    static void copy(Pipeline pipeline, Settings settings) throws IOException {
        InputFiles inputs = pipeline.definition().inputs();
        if (inputs == null || Locations.isBucket(settings.text(inputs.location()))) {
            return;
        }
        Path folder = settings.path(inputs.location());
        for (Path file : files(pipeline)) {
            Path target = folder.resolve(file);
            if (!Files.exists(target)) {
                Files.createDirectories(target.resolveSibling("."));
                Files.copy(pipeline.samples().resolve(file), target);
            }
        }
        Marker marker = pipeline.definition().start().marker();
        if (marker != null && !files(pipeline).isEmpty()) {
            Path begun = settings.path(marker.location()).resolve(marker.name());
            if (!Files.exists(begun)) {
                Files.writeString(begun, "");
            }
        }
    }
}
