package io.bucketbrigade.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What takes long to make and all test processes of a build share, made by whichever needs it first. */
final class OncePerBuild {
    private static final Path FOLDER = TestService.HOME.resolve("target/test-servers");

    private OncePerBuild() {}

    /** Makes something. */
    interface Maker {
        /** Makes it at a place where nothing is yet, in a folder of its own. */
        void make(Path place) throws IOException, InterruptedException;
    }

    /**
     * Where it is; it is made first if it isn't there or too old.
     *
     * @param source what it is made of; it is too old if that is newer
     */
    static synchronized Path made(String name, Path source, Maker maker) {
        Path made = FOLDER.resolve(name);
        try {
            Files.createDirectories(FOLDER);
            try (FileChannel file = FileChannel.open(
                            FOLDER.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock ours = file.lock()) {
                if (ours.isValid() && (!Files.exists(made) || isNewer(source, made))) {
                    Path place = Files.createTempDirectory(FOLDER, "new").resolve(name);
                    maker.make(place);
                    if (Files.exists(made)) {
                        Files.move(made, place.resolveSibling("old"));
                    }
                    Files.move(place, made);
                }
            }
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static boolean isNewer(Path one, Path other) throws IOException {
        return Files.getLastModifiedTime(one).compareTo(Files.getLastModifiedTime(other)) > 0;
    }
}
