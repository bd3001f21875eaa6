package io.bucketbrigade.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders that somebody makes for a while, and removes again. */
public final class TemporaryFolder {
    private TemporaryFolder() {}

    /**
     * Makes one.
     *
     * @param name what its name begins with
     * @throws IOException if it can't be made
     */
    public static Path create(String name) throws IOException {
        return Files.createTempDirectory(name);
    }

    /**
     * Removes one with all that is in it.
     *
     * @throws IOException if something can't be removed
     */
    public static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
