package io.bucketbrigade.lake;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.InputFile;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files as {@link NumberedCsv} writes them, one after another. The next one is written while the caller uses the last: that takes one thread, and DuckDB does not
 * keep all others busy.
 */
final class NumberedFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NumberedFiles.class);
    /** It is interrupted, so this is not reached. */
    private static final int MOST_SECONDS_TO_END = 10;

    private final Locations locations;
    private final InputFiles files;
    private final Inputs inputs;
    private final Iterator<String> names;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread made = new Thread(work, "numbering");
        made.setDaemon(true);
        return made;
    });
    private @Nullable Future<Numbered> next;

    /**
     * A file that was written; whoever takes it closes it, which removes it.
     *
     * @param name of what was read
     * @param identity which version of it was read
     * @param rows where its rows are
     * @param rejects where that is which is not a row
     * @param outcome what was read
     */
    record Numbered(String name, Identity identity, Path rows, Path rejects, NumberedCsv.Outcome outcome)
            implements AutoCloseable {
        @Override
        public void close() throws IOException {
            Files.deleteIfExists(rows);
            Files.deleteIfExists(rejects);
        }
    }

    /**
     * Begins with the first one.
     *
     * @param locations where there is a disk
     * @param files which columns they need
     * @param names those of the inputs that are to be written
     */
    NumberedFiles(Locations locations, InputFiles files, Inputs inputs, List<String> names) {
        this.locations = locations;
        this.files = files;
        this.inputs = inputs;
        this.names = names.iterator();
        begin();
    }

    private void begin() {
        String name = names.hasNext() ? names.next() : null;
        next = name == null ? null : thread.submit(() -> write(name));
    }

    private Numbered write(String name) throws IOException {
        Source source = inputs.get(name);
        List<String> needed = files.find(name).map(InputFile::columns).orElse(List.of());
        Path rows = locations.temporary("rows.csv");
        Path rejects = locations.temporary("rejects.csv");
        try {
            return new Numbered(
                    name, source.identity(), rows, rejects, NumberedCsv.write(source, needed, rows, rejects));
        } catch (IOException | RuntimeException failed) {
            Files.deleteIfExists(rows);
            Files.deleteIfExists(rejects);
            throw failed;
        }
    }

    /**
     * The next one; may be called as often as there are files.
     *
     * @throws io.bucketbrigade.csv.CsvException if it can't be read as CSV, or is missing a column
     * @throws io.bucketbrigade.problems.Problem if a quote is never closed
     * @throws IOException if it can't be read or written
     */
    Numbered take() throws IOException {
        Numbered taken = get(Objects.requireNonNull(next));
        begin();
        return taken;
    }

    private static Numbered get(Future<Numbered> written) throws IOException {
        try {
            return written.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException reason) {
                throw reason;
            }
            throw failed.getCause() instanceof RuntimeException reason ? reason : new IllegalStateException(failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new Problem(Kind.TRANSIENT, "The run was stopped.", stopping);
        }
    }

    /** Removes the one that nobody took, when it is not written any more. */
    @Override
    public void close() throws IOException {
        Future<Numbered> left = next;
        thread.shutdownNow();
        try {
            if (thread.awaitTermination(MOST_SECONDS_TO_END, TimeUnit.SECONDS) && left != null && left.isDone()) {
                left.get().close();
            }
        } catch (ExecutionException failed) {
            LOG.debug("What was written ahead is of no use any more: {}", failed.getMessage());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
