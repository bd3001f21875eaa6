package io.bucketbrigade.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reads bytes that come from far away, in pieces fetched in parallel and ahead of who reads.
 *
 * <p>Several threads read, each its own part from front to back, and the parts are handed out in the order of the file. So
 * whoever reads a piece will soon be followed by one who reads the next, and these are fetched meanwhile. A piece is kept
 * until others need its buffer: the one that was read longest ago goes first. What was fetched ahead gives way only to what
 * somebody waits for. Buffers are used again, so memory is a handful of pieces whatever the length; who needs a piece
 * when all are in use waits.
 *
 * <p>Who is slow finds that the end of its part was read by another and is gone already. It is fetched once more, but what
 * follows it is not: nobody would come to read that.
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
    private final int readers;
    private final int mostPieces;
    private final Fetch fetch;
    private final Executor executor;
    /** The least recently read first. */
    private final Map<Integer, Piece> pieces = new LinkedHashMap<>(16, 0.75f, true);

    private final BitSet everRead = new BitSet();
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
        this.readers = readers;
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
        int number = (int) (position / pieceSize);
        Piece piece = take(number);
        try {
            byte[] bytes = piece.await();
            int from = (int) (position - startOf(number));
            int count = Math.min(wanted, lengthOf(number) - from);
            System.arraycopy(bytes, from, into, offset, count);
            return count;
        } finally {
            release(piece);
        }
    }

    private long startOf(int number) {
        return (long) number * pieceSize;
    }

    private int lengthOf(int number) {
        return (int) Math.min(pieceSize, length - startOf(number));
    }

    private synchronized Piece take(int number) throws IOException {
        Piece piece = findOrStart(number);
        piece.readers++;
        everRead.set(number);
        for (int next = number + 1; next <= number + ahead && startOf(next) < length; next++) {
            byte[] buffer = pieces.containsKey(next) || everRead.get(next) ? null : buffer(false);
            if (buffer != null) {
                start(next, buffer);
            }
        }
        return piece;
    }

    private Piece findOrStart(int number) throws IOException {
        while (!closed) {
            Piece piece = pieces.get(number);
            if (piece != null) {
                return piece;
            }
            byte[] buffer = buffer(true);
            if (buffer != null) {
                return start(number, buffer);
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
        throw new IOException("closed");
    }

    private Piece start(int number, byte[] buffer) {
        Piece piece = new Piece(number, buffer);
        pieces.put(number, piece);
        executor.execute(() -> {
            try {
                fetch.into(buffer, startOf(number), lengthOf(number));
                ended(piece, null);
            } catch (Throwable e) {
                // An Error too: who waits for the piece would wait for ever.
                ended(piece, e);
            }
        });
        return piece;
    }

    /** What could not be fetched may be tried again by the next who reads. */
    private synchronized void ended(Piece piece, @Nullable Throwable failure) {
        if (failure == null) {
            piece.fetched.complete(piece.buffer);
        } else {
            pieces.remove(piece.number, piece);
            piece.fetched.completeExceptionally(failure);
        }
        notifyAll();
    }

    private byte @Nullable [] buffer(boolean urgent) {
        // One for each reader is kept back from what is fetched ahead.
        if (pieces.size() < (urgent ? mostPieces : mostPieces - readers)) {
            return new byte[pieceSize];
        }
        Piece unread = null;
        for (Piece piece : pieces.values()) {
            if (piece.readers == 0 && piece.fetched.isDone()) {
                if (everRead.get(piece.number)) {
                    pieces.remove(piece.number);
                    return piece.buffer;
                }
                unread = unread == null ? piece : unread;
            }
        }
        if (unread == null || !urgent) {
            return null;
        }
        pieces.remove(unread.number);
        return unread.buffer;
    }

    private synchronized void release(Piece piece) {
        piece.readers--;
        notifyAll();
    }

    @Override
    public synchronized void close() {
        closed = true;
        pieces.clear();
        notifyAll();
    }

    private static final class Piece {
        private final int number;
        private final byte[] buffer;
        private final CompletableFuture<byte[]> fetched = new CompletableFuture<>();
        private int readers;

        Piece(int number, byte[] buffer) {
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
