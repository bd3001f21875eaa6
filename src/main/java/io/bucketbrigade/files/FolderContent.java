package io.bucketbrigade.files;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is in a folder that others may change meanwhile. */
public final class FolderContent {
    private FolderContent() {}

    /**
     * All that is below a folder, a folder before what is in it. What is removed meanwhile may be missing.
     *
     * @throws IOException if the folder, or one below it, can't be read
     */
    public static List<Path> of(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path below, BasicFileAttributes attributes) {
                if (!below.equals(folder)) {
                    found.add(below);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                found.add(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path below, IOException failed) throws IOException {
                return orGone(below, failed);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path below, @Nullable IOException failed) throws IOException {
                return failed == null ? FileVisitResult.CONTINUE : orGone(below, failed);
            }

            private FileVisitResult orGone(Path below, IOException failed) throws IOException {
                if (failed instanceof NoSuchFileException && !below.equals(folder)) {
                    return FileVisitResult.CONTINUE;
                }
                throw failed;
            }
        });
        return found;
    }
}
