package io.bucketbrigade.pipelines.leaderboard;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * How authors stood before a run that changed their number of messages, written down as bytes that are kept with the board.
 * What a run didn't change needn't be kept, so it takes as much room as the run changed.
 */
final class BoardChanges {
    /** Stands for an author that was not on the board. */
    static final long ABSENT = -1;

    /** So many bytes are some two million authors; who compares so many boards by eye? */
    private static final int MOST_BYTES = 16 << 20;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    private final DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(kept, deflater, 1 << 16));

    /** An author had that many messages. */
    void had(byte[] bytes, int userId, int length, long messages) {
        if (kept.size() > MOST_BYTES) {
            return;
        }
        try {
            out.writeInt(length);
            out.write(bytes, userId, length);
            out.writeLong(messages);
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
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(bytes)))) {
            while (true) {
                int length;
                try {
                    length = in.readInt();
                } catch (EOFException end) {
                    return before;
                }
                String userId = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                before.put(userId, in.readLong());
            }
        }
    }
}
