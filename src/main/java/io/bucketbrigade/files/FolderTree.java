package io.bucketbrigade.files;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files below a folder. Symbolic links are followed, as folders with routes may be linked to or mounted from a Kubernetes
 * ConfigMap, where each file is a link into a hidden folder; so hidden files and folders are skipped, and no file comes twice.
 */
public final class FolderTree extends SimpleFileVisitor<Path> {
    private final Path root;
    /** With what the file system knows each by, whatever its path. */
    private final SortedMap<Path, Object> files = new TreeMap<>();

    private FolderTree(Path root) {
        this.root = root;
    }

    /**
     * The files, in the order of their paths; none if there is no such folder.
     *
     * @throws Problem if a folder can't be read
     */
    public static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        FolderTree tree = new FolderTree(folder);
        try {
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, tree);
        } catch (IOException e) {
            throw new Problem(Kind.USAGE, folder + " can't be read: " + e.getMessage(), e);
        }
        Set<Object> seen = new HashSet<>();
        List<Path> once = new ArrayList<>();
        tree.files.forEach((file, key) -> {
            if (seen.add(key)) {
                once.add(file);
            }
        });
        return once;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        return isHidden(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile() && !isHidden(file)) {
            Object key = attributes.fileKey();
            files.put(file, key == null ? file : key);
        }
        return FileVisitResult.CONTINUE;
    }

    /** A link to a folder that it is in leads to nothing new. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (e instanceof FileSystemLoopException) {
            return FileVisitResult.CONTINUE;
        }
        throw e;
    }

    private boolean isHidden(Path path) {
        return !path.equals(root) && String.valueOf(path.getFileName()).startsWith(".");
    }
}
