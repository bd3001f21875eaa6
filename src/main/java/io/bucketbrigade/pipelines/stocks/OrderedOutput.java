package io.bucketbrigade.pipelines.stocks;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One file, written by many at the same time, in a fixed order of parts.
 *
 * <p>Whose turn it is writes through. The others gather what they have in memory; when all of them together have gathered as
 * much as is allowed, they wait for their turn. So memory is bounded however large the parts are, and as parts are begun in their
 * order, whose turn it is never waits for anybody. A part that turns out to be unusable is cut off again.
 */
final class OrderedOutput {
    private static final int PIECE = 1 << 18;

    private final @Nullable FileChannel channel;
    private final long mostGathered;
    /** All guarded by this. */
    private final Map<Integer, List<byte[]>> done = new HashMap<>();

    private int turn;
    private long gathered;
    private @Nullable Exception broken;

    /**
     * @param channel where it is written; null if it is only to be seen what would be
     * @param mostGathered how much may wait in memory, in bytes
     */
    OrderedOutput(@Nullable FileChannel channel, long mostGathered) {
        this.channel = channel;
        this.mostGathered = mostGathered;
    }

    /** Begins a part; to be called in the order of their numbers, which begin with 0. */
    Part part(int number) {
        return new Part(number);
    }

    /** Nobody need wait any more: a part will never be there, and all others fail for the same reason. */
    synchronized void giveUp(Exception because) {
        if (broken == null) {
            broken = because;
        }
        notifyAll();
    }

    /** Waits until it is the part's turn, or until there is room for more to be gathered; says whether it is its turn. */
    private synchronized boolean awaitTurnOrRoom(int number, int room) throws IOException {
        while (broken == null && number != turn && gathered + room > mostGathered) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
        if (broken != null) {
            throw new IOException(broken.getMessage(), broken);
        }
        if (number != turn) {
            gathered += room;
        }
        return number == turn;
    }

    private synchronized void ended(int number, List<byte[]> pieces) throws IOException {
        done.put(number, pieces);
        for (List<byte[]> next = done.remove(turn); next != null; next = done.remove(turn)) {
            write(next);
            turn++;
        }
        notifyAll();
    }

    private synchronized void write(List<byte[]> pieces) throws IOException {
        for (byte[] piece : pieces) {
            gathered -= piece.length;
            write(piece, piece.length);
        }
        notifyAll();
    }

    private void write(byte[] bytes, int length) throws IOException {
        if (channel == null) {
            return;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** A part. Closing it without {@link #keep} drops it. */
    final class Part implements Closeable {
        private final int number;
        private final byte[] piece = new byte[PIECE];
        private List<byte[]> gatheredHere = new ArrayList<>();
        private int length;
        /** Where it starts in the file; -1 as long as nothing of it is written. */
        private long start = -1;

        private boolean ended;

        private Part(int number) {
            this.number = number;
        }

        void write(byte[] bytes, int count) throws IOException {
            if (length + count > PIECE) {
                flush();
            }
            if (count > PIECE) {
                throw new IOException("a row of " + count + " bytes is too long");
            }
            System.arraycopy(bytes, 0, piece, length, count);
            length += count;
        }

        private void flush() throws IOException {
            if (length == 0) {
                return;
            }
            if (awaitTurnOrRoom(number, length)) {
                writeThrough();
            } else {
                byte[] gatheredPiece = new byte[length];
                System.arraycopy(piece, 0, gatheredPiece, 0, length);
                gatheredHere.add(gatheredPiece);
                length = 0;
            }
        }

        private void writeThrough() throws IOException {
            if (start < 0 && channel != null) {
                start = channel.position();
            }
            OrderedOutput.this.write(gatheredHere);
            gatheredHere = new ArrayList<>();
            OrderedOutput.this.write(piece, length);
            length = 0;
        }

        /** It is whole, and belongs to the file. */
        void keep() throws IOException {
            flush();
            ended = true;
            ended(number, gatheredHere);
        }

        @Override
        public void close() throws IOException {
            if (ended) {
                return;
            }
            ended = true;
            if (start >= 0 && channel != null) {
                channel.truncate(start);
                channel.position(start);
            }
            synchronized (OrderedOutput.this) {
                for (byte[] unused : gatheredHere) {
                    gathered -= unused.length;
                }
            }
            ended(number, List.of());
        }
    }
}
