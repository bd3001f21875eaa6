package io.bucketbrigade.lake;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a cache, which one process uses at a time: DuckDB opens a file by its name whenever it reads it, so nobody may remove one that is in use. When
 * a file was last used is the time of its last change.
 */
final class CacheFolder {
    private static final Logger LOG = LoggerFactory.getLogger(CacheFolder.class);

    private final Path folder;
    private final long limit;
    private final FileChannel lock;
    private final Map<Path, Held> inUse = new HashMap<>();
    private long bytes;

    private CacheFolder(Path folder, long limit, FileChannel lock) {
        this.folder = folder;
        this.limit = limit;
        this.lock = lock;
    }

    /** A file in use. Who fetches it holds the monitor, so that it is fetched once. */
    private static final class Held {
        private int users;
    }

    /** A file that is there. */
    private record Copy(Path file, long length, FileTime used) {
        static Copy of(Path file) {
            try {
                return new Copy(file, Files.size(file), Files.getLastModifiedTime(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Fetches a file. */
    @FunctionalInterface
    interface Fetching {
        void to(Path file) throws IOException;
    }

    /**
     * Opens the first folder that no other process uses.
     *
     * @param place where such folders are
     * @param limit how many bytes of files may be in one
     * @throws IOException if it can't be made or read
     */
    static CacheFolder open(Path place, long limit) throws IOException {
        for (int number = 1; ; number++) {
            Path folder = Files.createDirectories(FilePaths.in(place, Integer.toString(number)));
            FileChannel lock =
                    FileChannel.open(FilePaths.in(folder, "lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (isLocked(lock)) {
                    CacheFolder opened = new CacheFolder(folder, limit, lock);
                    opened.start();
                    return opened;
                }
            } catch (IOException | RuntimeException failed) {
                lock.close();
                throw failed;
            }
            lock.close();
        }
    }

    private static boolean isLocked(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException inThisProcess) {
            return false;
        }
    }

    /** What a process that was killed did not finish is of no use. */
    private void start() throws IOException {
        if (Files.exists(unfinished())) {
            TemporaryFolder.remove(unfinished());
        }
        Files.createDirectories(unfinished());
        Files.createDirectories(files());
        bytes = copies().stream().mapToLong(Copy::length).sum();
    }

    /** Where the files are. */
    Path files() {
        return FilePaths.in(folder, "files");
    }

    /** Where files are that are being written. */
    Path unfinished() {
        return FilePaths.in(folder, "unfinished");
    }

    /**
     * A file, which stays until it is released.
     *
     * @param length how long it is
     * @param fetching what fetches it if it is not here
     * @throws IOException if it can't be fetched or kept
     */
    Path hold(String name, long length, Fetching fetching) throws IOException {
        Path file = FilePaths.in(files(), name);
        Held held = use(file);
        try {
            synchronized (held) {
                if (Files.isRegularFile(file) && Files.size(file) == length) {
                    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
                } else {
                    fetch(file, length, fetching);
                }
            }
            return file;
        } catch (IOException | RuntimeException failed) {
            release(file);
            throw failed;
        }
    }

    private void fetch(Path file, long length, Fetching fetching) throws IOException {
        Path copy = FilePaths.in(unfinished(), UUID.randomUUID().toString());
        long replaced = Files.isRegularFile(file) ? Files.size(file) : 0;
        makeRoom(length - replaced);
        try {
            fetching.to(copy);
            put(copy, file);
        } catch (IOException | RuntimeException failed) {
            Files.deleteIfExists(copy);
            makeRoom(replaced - length);
            throw failed;
        }
    }

    private static void put(Path written, Path file) throws IOException {
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Makes a whole file that was written here one of the cache, which stays until it is released.
     *
     * @throws IOException if it can't be moved
     */
    Path adopt(Path written, String name) throws IOException {
        Path file = FilePaths.in(files(), name);
        use(file);
        long length = Files.size(written);
        try {
            makeRoom(length);
            put(written, file);
            return file;
        } catch (IOException | RuntimeException failed) {
            makeRoom(-length);
            release(file);
            throw failed;
        }
    }

    private synchronized Held use(Path file) {
        Held held = inUse.computeIfAbsent(file, none -> new Held());
        held.users++;
        return held;
    }

    /** One of those who use a file does not need it any more. */
    synchronized void release(Path file) {
        Held held = inUse.get(file);
        if (held != null) {
            held.users--;
            if (held.users == 0) {
                inUse.remove(file);
            }
        }
    }

    /** Counts bytes that come, and removes what was not used for the longest time if they are too many. */
    private synchronized void makeRoom(long coming) throws IOException {
        bytes += coming;
        if (bytes <= limit) {
            return;
        }
        for (Copy copy : copies()) {
            if (bytes > limit && !inUse.containsKey(copy.file())) {
                Files.delete(copy.file());
                bytes -= copy.length();
            }
        }
    }

    /** All files, the least recently used first. */
    private List<Copy> copies() throws IOException {
        try (Stream<Path> all = Files.walk(files())) {
            return all.filter(Files::isRegularFile)
                    .map(Copy::of)
                    .sorted(Comparator.comparing(Copy::used))
                    .toList();
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
    }

    /** From now on another process may use it. */
    void close() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("The lock of {} was not released ({})", folder, e.getMessage());
        }
    }
}
