package io.bucketbrigade.storage;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.FolderContent;
import io.bucketbrigade.files.ForcedFolder;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder of the file system. */
final class Folder implements Location {
    private static final Logger LOG = LoggerFactory.getLogger(Folder.class);
    private static final String UNFINISHED = ".part";
    private static final int MOST_NAMES = 10_000;
    private static final Duration LEFT_OVER_AFTER = Duration.ofHours(1);

    private final Path path;

    Folder(Path path) {
        this.path = path;
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public void makeReady() throws IOException {
        Files.createDirectories(path);
    }

    @Override
    public boolean showsOnlyWhole() {
        return false;
    }

    @Override
    public List<Identity> list(Collection<String> names) throws IOException {
        if (!Files.isDirectory(path)) {
            throw Files.exists(path) ? new NotDirectoryException(name()) : new NoSuchFileException(name());
        }
        List<Identity> found = new ArrayList<>();
        for (String name : names) {
            try {
                FileState state = FileState.of(FilePaths.in(path, name));
                if (state.regular()) {
                    found.add(state.identity(name(), name));
                }
            } catch (NoSuchFileException notThere) {
                LOG.trace("{} does not exist", notThere.getFile());
            }
        }
        return found;
    }

    @Override
    public List<String> noFiles(Predicate<String> wanted) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        return names(wanted, false);
    }

    @Override
    public List<String> names(Predicate<String> wanted) throws IOException {
        return names(wanted, true);
    }

    private List<String> names(Predicate<String> wanted, boolean areFiles) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            Iterator<Path> all = entries.iterator();
            for (int seen = 0; seen < MOST_NAMES && all.hasNext(); seen++) {
                Path entry = all.next();
                String name = String.valueOf(entry.getFileName());
                if (wanted.test(name) && Files.isRegularFile(entry) == areFiles) {
                    names.add(name);
                }
            }
        } catch (DirectoryIteratorException unreadable) {
            throw unreadable.getCause();
        }
        return names;
    }

    @Override
    public List<String> allNames() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        return FolderContent.of(path).stream()
                .filter(Files::isRegularFile)
                .map(file -> path.relativize(file).toString())
                .toList();
    }

    @Override
    public Optional<List<String>> namesBelow(String name) throws IOException {
        Path below = FilePaths.in(path, name);
        return Files.isDirectory(below) ? Optional.of(new Folder(below).names(file -> true)) : Optional.empty();
    }

    @Override
    public Source open(String name) throws IOException {
        Path file = FilePaths.in(path, name);
        if (Files.isDirectory(file)) {
            throw new Problem(Kind.INPUT, file + " is a folder; a file is needed.", file.toString(), 0, null, null);
        }
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        FileState state = FileState.of(file);
        if (!state.regular()) {
            throw new Problem(Kind.INPUT, file + " is not a regular file.", file.toString(), 0, null, null);
        }
        return new FileSource(file, state, state.identity(name(), name));
    }

    @Override
    public Source open(Identity seen) throws IOException {
        return open(seen.name());
    }

    @Override
    public Draft draft(String name, String mark) throws IOException {
        Files.createDirectories(path);
        removeLeftOvers(name);
        Path unfinished = FilePaths.in(path, "." + name + "." + mark + UNFINISHED);
        return new LocalDraft(unfinished, new PreparedFile(unfinished, FilePaths.in(path, name)));
    }

    @Override
    public void put(String name, String mark, InputStream bytes) throws IOException {
        Prepared prepared = prepare(name, mark, bytes::transferTo);
        try {
            prepared.publish();
        } finally {
            prepared.discard();
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(FilePaths.in(path, name));
    }

    /** A process that was killed leaves its unfinished file. Younger ones may belong to another process at work. */
    private void removeLeftOvers(String name) throws IOException {
        Instant old = Instant.now().minus(LEFT_OVER_AFTER);
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(
                path,
                entry -> String.valueOf(entry.getFileName()).startsWith("." + name + ".")
                        && entry.toString().endsWith(UNFINISHED))) {
            for (Path file : unfinished) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    @Override
    public Prepared prepareRemoval(String name, String mark, Content empty) {
        Path file = FilePaths.in(path, name);
        return new Prepared() {
            @Override
            public String path() {
                return "";
            }

            @Override
            public void publish(Runnable lastCheck) throws IOException {
                lastCheck.run();
                Files.deleteIfExists(file);
            }

            @Override
            public void discard() {}
        };
    }

    @Override
    public Staging staging() {
        return new FolderStaging(this, path);
    }

    private record PreparedFile(Path unfinished, Path target) implements Prepared {
        @Override
        public String path() {
            return target.toString();
        }

        @Override
        public void publish(Runnable lastCheck) throws IOException {
            lastCheck.run();
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            Path folder = target.getParent();
            if (folder != null) {
                ForcedFolder.force(folder);
            }
        }

        @Override
        public InputStream read() throws IOException {
            return Files.newInputStream(unfinished);
        }

        @Override
        public void discard() {
            try {
                Files.deleteIfExists(unfinished);
            } catch (IOException e) {
                LOG.warn("{} could not be removed: {}", unfinished, e.getMessage());
            }
        }
    }
}
