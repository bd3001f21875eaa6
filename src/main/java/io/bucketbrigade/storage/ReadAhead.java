package io.bucketbrigade.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reads bytes that come from far away, in pieces fetched side by side and ahead of who reads.
 *
 * <p>Several threads read, each its own part from front to back, and the parts are handed out in the order of the file. So
 * whoever reads a piece will soon be followed by one who reads the next, and these are fetched meanwhile. A piece is kept
 * until others need its buffer: the one that was read longest ago goes first, and one that was fetched but not yet read
 * stays. Buffers are used again, so memory is a handful of pieces whatever the length.
 */
final class ReadAhead implements Closeable {
    /** Fetches bytes, all of them or none. */
    @FunctionalInterface
    interface Fetch {
        void into(byte[] buffer, long from, int length) throws IOException;
    }

    private final long length;
    private final int pieceSize;
    private final int ahead;
    private final int mostPieces;
    private final Fetch fetch;
    private final Executor executor;
    /** The least recently read first. */
    private final Map<Long, Piece> pieces = new LinkedHashMap<>(16, 0.75f, true);

    private boolean closed;

    /**
     * @param length of the whole, in bytes
     * @param pieceSize bytes fetched at once
     * @param ahead how many pieces are fetched ahead
     * @param readers how many threads read at the same time
     */
    ReadAhead(long length, int pieceSize, int ahead, int readers, Fetch fetch, Executor executor) {
        this.length = length;
        this.pieceSize = (int) Math.max(1, Math.min(pieceSize, length));
        this.ahead = ahead;
        this.mostPieces = ahead + 2 * readers + 1;
        this.fetch = fetch;
        this.executor = executor;
    }

    /**
     * Reads up to {@code wanted} bytes; waits until they are there.
     *
     * @return how many, at least 1; -1 at the end
     * @throws IOException if they can't be fetched
     */
    int read(long position, byte[] into, int offset, int wanted) throws IOException {
        if (position >= length) {
            return -1;
        }
        long number = position / pieceSize;
        Piece piece = take(number);
        try {
            byte[] bytes = piece.await();
            int from = (int) (position - number * pieceSize);
            int count = Math.min(wanted, lengthOf(number) - from);
            System.arraycopy(bytes, from, into, offset, count);
            return count;
        } finally {
            giveBack(piece);
        }
    }

    private int lengthOf(long number) {
        return (int) Math.min(pieceSize, length - number * pieceSize);
    }

    private synchronized Piece take(long number) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        Piece piece = pieces.get(number);
        if (piece == null) {
            byte[] buffer = buffer();
            piece = start(number, buffer == null ? new byte[pieceSize] : buffer);
        }
        piece.readers++;
        piece.wasRead = true;
        for (long next = number + 1; next <= number + ahead && next * pieceSize < length; next++) {
            byte[] buffer = pieces.containsKey(next) ? null : buffer();
            if (buffer != null) {
                start(next, buffer);
            }
        }
        return piece;
    }

    private Piece start(long number, byte[] buffer) {
        Piece piece = new Piece(number, buffer);
        pieces.put(number, piece);
        executor.execute(() -> {
            try {
                fetch.into(buffer, number * pieceSize, lengthOf(number));
                piece.fetched.complete(buffer);
            } catch (Throwable e) {
                // An Error too: who waits for the piece would wait for ever.
                forget(piece);
                piece.fetched.completeExceptionally(e);
            }
        });
        return piece;
    }

    /** What could not be fetched may be tried again by the next who reads. */
    private synchronized void forget(Piece piece) {
        pieces.remove(piece.number, piece);
    }

    private byte @Nullable [] buffer() {
        if (pieces.size() < mostPieces) {
            return new byte[pieceSize];
        }
        for (Piece piece : pieces.values()) {
            if (piece.readers == 0 && piece.wasRead && piece.fetched.isDone()) {
                pieces.remove(piece.number);
                return piece.buffer;
            }
        }
        return null;
    }

    private synchronized void giveBack(Piece piece) {
        piece.readers--;
    }

    @Override
    public synchronized void close() {
        closed = true;
        pieces.clear();
    }

    private static final class Piece {
        private final long number;
        private final byte[] buffer;
        private final CompletableFuture<byte[]> fetched = new CompletableFuture<>();
        private int readers;
        private boolean wasRead;

        Piece(long number, byte[] buffer) {
            this.number = number;
            this.buffer = buffer;
        }

        byte[] await() throws IOException {
            try {
                return fetched.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failed) {
                    throw failed;
                }
                throw new IOException(e.getCause());
            }
        }
    }
}
