package io.bucketbrigade.lake;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.InputFile;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Locations;
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
 * Files as {@link NumberedCsv} writes them, piece by piece, one after another. The next piece is written while the caller uses the last: that takes one thread, and DuckDB does not
 * keep all others busy. A file's first piece is small, so that there is something to do soon, and each further one twice as large: tables get few files, and the disk holds two pieces
 * rather than a second copy of a file of any size.
 */
final class NumberedFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NumberedFiles.class);
    /** It is interrupted, so this is not reached. */
    private static final int MOST_SECONDS_TO_END = 10;

    /** How large the first piece of a file is, in bytes. */
    static final long FIRST_PIECE = 48 << 20;

    private static final int MOST_DOUBLINGS = 4;

    private final Locations locations;
    private final InputFiles files;
    private final Inputs inputs;
    private final Iterator<String> names;
    private final long firstPiece;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread made = new Thread(work, "numbering");
        made.setDaemon(true);
        return made;
    });
    private @Nullable Future<Numbered> next;

    private @Nullable NumberedCsv csv;
    private String name = "";
    private int pieces;

    /**
     * What was written; whoever takes it closes it, which removes it.
     *
     * @param name of the file that was read
     * @param identity which version of it was read
     * @param rows where its rows are
     * @param rejects where that is which is not a row
     * @param piece which part of it was read
     */
    record Numbered(String name, Identity identity, Path rows, Path rejects, NumberedCsv.Piece piece)
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
     * @param firstPiece how large the first piece of each is, in bytes
     */
    NumberedFiles(Locations locations, InputFiles files, Inputs inputs, List<String> names, long firstPiece) {
        this.locations = locations;
        this.files = files;
        this.inputs = inputs;
        this.names = names.iterator();
        this.firstPiece = firstPiece;
        next = names.isEmpty() ? null : thread.submit(this::write);
    }

    private Numbered write() throws IOException {
        if (csv == null) {
            name = names.next();
            csv = new NumberedCsv(
                    inputs.get(name), files.find(name).map(InputFile::columns).orElse(List.of()));
            pieces = 0;
        }
        Path rows = locations.temporary("rows.csv");
        Path rejects = locations.temporary("rejects.csv");
        try {
            NumberedCsv.Piece piece = csv.write(firstPiece << Math.min(pieces++, MOST_DOUBLINGS), rows, rejects);
            if (piece.isLast()) {
                csv = null;
            }
            return new Numbered(name, inputs.get(name).identity(), rows, rejects, piece);
        } catch (IOException | RuntimeException failed) {
            Files.deleteIfExists(rows);
            Files.deleteIfExists(rejects);
            throw failed;
        }
    }

    /** Whether there is one that was not taken. */
    boolean hasNext() {
        return next != null;
    }

    /**
     * The next one, if there is one.
     *
     * @throws io.bucketbrigade.csv.CsvException if it can't be read as CSV, or is missing a column
     * @throws io.bucketbrigade.problems.Problem if a quote is never closed
     * @throws IOException if it can't be read or written
     */
    Numbered take() throws IOException {
        Numbered taken = get(Objects.requireNonNull(next));
        next = taken.piece().isLast() && !names.hasNext() ? null : thread.submit(this::write);
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
