package io.bucketbrigade.storage;

import io.bucketbrigade.files.TemporaryFolder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Files that are written here before they go elsewhere. In a folder of our own: the system's may be a small disk, or memory,
 * or not writable at all.
 */
public final class TemporaryFiles {
    private static final Duration LEFT_OVER_AFTER = Duration.ofDays(1);

    private final Path folder;

    /** @param folder where they are; it is made when it is needed */
    public TemporaryFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes a new one.
     *
     * @param name what its name ends with
     * @throws IOException if it can't be made
     */
    Path create(String name) throws IOException {
        Files.createDirectories(folder);
        removeLeftOvers();
        return Files.createTempFile(folder, "brigade-", "-" + name);
    }

    /** A process that was killed leaves its own. Younger ones may belong to another process at work. */
    private void removeLeftOvers() throws IOException {
        Instant old = Instant.now().minus(LEFT_OVER_AFTER);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "brigade-*")) {
            for (Path file : files) {
                removeIfOlder(file, old);
            }
        }
    }

    private static void removeIfOlder(Path file, Instant old) throws IOException {
        try {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
                if (Files.isDirectory(file)) {
                    TemporaryFolder.remove(file);
                } else {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException anotherProcessWasFaster) {
            return;
        }
    }
}
