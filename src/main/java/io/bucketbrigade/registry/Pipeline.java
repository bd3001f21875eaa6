package io.bucketbrigade.registry;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A pipeline.
 *
 * @param name the name of its folder
 * @param folder the folder that holds its routes and everything else that belongs to it
 * @param definition what its pipeline.yaml says
 */
public record Pipeline(String name, Path folder, Definition definition) {
    /** The file that makes a folder a pipeline. */
    public static final String FILE = "pipeline.yaml";

    private static final String SAMPLES = "samples";

    /**
     * Whether a file is one of the samples in the folder of a pipeline.
     *
     * @param file its path below a folder with pipelines, or below that of one
     */
    public static boolean isSample(Path file) {
        Path folder = file.getParent();
        return folder != null
                && (folder.startsWith(SAMPLES)
                        || (folder.getNameCount() > 1 && folder.getName(1).endsWith(SAMPLES)));
    }

    /** The pipeline.yaml itself. */
    public Path file() {
        return folder.resolve(FILE);
    }

    /**
     * Where its samples are, for the demo and as golden samples: {@code samples/} in its folder, or else {@code samples/<name>/} beside
     * the folder of all routes.
     */
    public Path samples() {
        return samples(folder);
    }

    /** The folder with the samples of the pipeline whose folder that is. */
    public static Path samples(Path folder) {
        Path own = folder.resolve(SAMPLES);
        Path root = folder.toAbsolutePath().getParent();
        Path beside = root == null ? null : root.resolveSibling(SAMPLES).resolve(folder.getFileName());
        return Files.isDirectory(own) || beside == null ? own : beside;
    }
}
