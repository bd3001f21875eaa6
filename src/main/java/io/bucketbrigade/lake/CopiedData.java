package io.bucketbrigade.lake;

import io.bucketbrigade.files.BucketName;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TemporaryFolder;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.Source;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.iceberg.DataFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those of a lake in a bucket: copies in the cache, of what is in the bucket or will be. */
final class CopiedData implements LocalData {
    private static final Logger LOG = LoggerFactory.getLogger(CopiedData.class);

    /** A file holds some 16 MiB of memory while it is fetched or sent. */
    private static final int AT_ONCE = 4;

    private static final int BUFFER = 1 << 18;

    private final Locations locations;
    private final String place;
    private final @Nullable LakeCache cache;
    private final List<Path> held = new ArrayList<>();
    private @Nullable CacheFolder copies;
    private @Nullable Path unfinished;

    /** @param cache where the copies are; null if there are none */
    CopiedData(Locations locations, String place, @Nullable LakeCache cache) {
        this.locations = locations;
        this.place = place;
        this.cache = cache;
    }

    private synchronized CacheFolder copies() throws IOException {
        if (copies == null) {
            copies = Objects.requireNonNull(cache, () -> "there is no cache for " + place)
                    .enter();
        }
        return copies;
    }

    @Override
    public Path folder() throws IOException {
        return copies().files();
    }

    @Override
    public List<Path> find(List<DataFile> files) throws IOException {
        CacheFolder folder = copies();
        return all(files, file -> {
            String name = LakeFiles.name(place, file.location());
            Path copy = folder.hold(
                    nameInCache(name), file.fileSizeInBytes(), to -> fetch(name, file.fileSizeInBytes(), to));
            keep(folder, copy);
            return copy;
        });
    }

    private String nameInCache(String name) {
        return place.substring(BucketName.SCHEME.length()) + "/" + name;
    }

    private synchronized void keep(CacheFolder folder, Path copy) {
        if (copies == null) {
            folder.release(copy);
        } else {
            held.add(copy);
        }
    }

    private void fetch(String name, long length, Path to) throws IOException {
        try (Source source = locations.open(place + "/" + name)) {
            UnreadableTable.requireLength(name, source.length(), length);
            try (OutputStream out = Files.newOutputStream(to)) {
                byte[] buffer = new byte[BUFFER];
                for (long at = 0; at < length; ) {
                    int read = source.read(at, buffer, 0, (int) Math.min(BUFFER, length - at));
                    out.write(buffer, 0, read);
                    at += read;
                }
            }
        } catch (NoSuchFileException missing) {
            UnreadableTable.requireLength(name, null, length);
        }
    }

    @Override
    public synchronized Path folderToWrite(String folder) throws IOException {
        if (unfinished == null) {
            unfinished = FilePaths.in(copies().unfinished(), UUID.randomUUID().toString());
        }
        return Files.createDirectories(FilePaths.in(unfinished, folder));
    }

    private synchronized String name(Path written) {
        return Objects.requireNonNull(unfinished, "nothing was written")
                .relativize(written.toAbsolutePath())
                .toString();
    }

    @Override
    public String address(Path written) {
        return place + "/" + name(written);
    }

    @Override
    public void add(List<Path> written) throws IOException {
        CacheFolder folder = copies();
        all(written, file -> {
            String name = name(file);
            locations.send(file, place, name, UUID.randomUUID().toString());
            Path copy = folder.adopt(file, nameInCache(name));
            keep(folder, copy);
            return copy;
        });
    }

    /** What is done for one file. */
    @FunctionalInterface
    private interface Step<T> {
        Path with(T file) throws IOException;
    }

    /** After one has failed, no other begins. */
    private static <T> List<Path> all(List<T> files, Step<T> step) throws IOException {
        AtomicBoolean isFailed = new AtomicBoolean();
        List<Callable<Path>> tasks = new ArrayList<>();
        for (T file : files) {
            tasks.add(() -> {
                if (isFailed.get()) {
                    throw new CancellationException();
                }
                try {
                    return step.with(file);
                } catch (IOException | RuntimeException failed) {
                    isFailed.set(true);
                    throw failed;
                }
            });
        }
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Path> paths = new ArrayList<>();
            for (Future<Path> one : workers.invokeAll(tasks)) {
                paths.add(one.get());
            }
            return paths;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Kind.TRANSIENT, "Files of a lake are not copied, because the program is stopping.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failed) {
                throw failed;
            }
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    @Override
    public synchronized void close() {
        if (copies == null) {
            return;
        }
        try {
            if (unfinished != null) {
                TemporaryFolder.remove(unfinished);
            }
        } catch (IOException e) {
            LOG.warn("{} could not be removed ({})", unfinished, e.getMessage());
        }
        held.forEach(copies::release);
        held.clear();
        copies = null;
        Objects.requireNonNull(cache).leave();
    }
}
