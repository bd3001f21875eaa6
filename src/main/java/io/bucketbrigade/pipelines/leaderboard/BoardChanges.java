package io.bucketbrigade.pipelines.leaderboard;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The places of authors before a run that changed their number of messages, written down as bytes that are kept with the board.
 * What a run didn't change needn't be kept, so it takes as much room as the run changed.
 */
final class BoardChanges {
    /** The number of an author that was not on the board. */
    static final long ABSENT = -1;

    /** So many bytes are some two million authors; who compares so many boards by eye? */
    private static final int MOST_BYTES = 16 << 20;

    private static final int PIECE = 1 << 16;
    private static final int LONGEST_NUMBER = 10;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    private final DeflaterOutputStream out = new DeflaterOutputStream(kept, deflater, PIECE);
    /** Compressing few bytes at a time takes longer than reading the table. */
    private final byte[] piece = new byte[PIECE];

    private int filled;

    /** An author had that many messages. */
    void had(byte[] bytes, int userId, int length, long messages) {
        if (kept.size() > MOST_BYTES) {
            return;
        }
        if (filled + length + 2 * LONGEST_NUMBER > PIECE) {
            writePiece();
        }
        writeNumber(length);
        if (length > PIECE - 2 * LONGEST_NUMBER) {
            writePiece();
            write(bytes, userId, length);
        } else {
            System.arraycopy(bytes, userId, piece, filled, length);
            filled += length;
        }
        writeNumber(messages - ABSENT);
    }

    /** Seven bits per byte, the lowest first; the highest bit says that more follow. */
    private void writeNumber(long number) {
        long rest = number;
        while (rest > 0x7F) {
            piece[filled++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        piece[filled++] = (byte) rest;
    }

    private void writePiece() {
        write(piece, 0, filled);
        filled = 0;
    }

    private void write(byte[] bytes, int from, int length) {
        try {
            out.write(bytes, from, length);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
    }

    /** An author was not on the board. */
    void wasAbsent(String userId) {
        byte[] bytes = userId.getBytes(StandardCharsets.UTF_8);
        had(bytes, 0, bytes.length, ABSENT);
    }

    /** What was written down; empty if it is too much to be kept. To be called once. */
    Optional<byte[]> bytes() {
        writePiece();
        try {
            out.close();
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        } finally {
            deflater.end();
        }
        return kept.size() > MOST_BYTES ? Optional.empty() : Optional.of(kept.toByteArray());
    }

    /**
     * Reads it back.
     *
     * @return the number of messages before by user id, {@link #ABSENT} for who was not there
     * @throws IOException if these are not the bytes that were kept
     */
    static Map<String, Long> read(byte[] bytes) throws IOException {
        Map<String, Long> before = new HashMap<>();
        try (InputStream in =
                new BufferedInputStream(new InflaterInputStream(new ByteArrayInputStream(bytes)), PIECE)) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                int length = (int) readNumber(in, next);
                String userId = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                before.put(userId, readNumber(in, in.read()) + ABSENT);
            }
        }
        return before;
    }

    private static long readNumber(InputStream in, int first) throws IOException {
        long number = 0;
        int next = first;
        for (int shift = 0; ; shift += 7, next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            number |= (next & 0x7FL) << shift;
            if (next <= 0x7F) {
                return number;
            }
        }
    }
}
