package io.bucketbrigade.csv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Keys behind their counts, one after the other in chunks of memory that are never moved. A place is the chunk's number and
 * where in it the record starts: the count in eight bytes, the key's length in four, then the key.
 */
final class KeyArena {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    /** No place. */
    static final long NOWHERE = -1;

    private static final int HEAD = Long.BYTES + Integer.BYTES;
    private static final int CHUNK_BITS = 20;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private byte[][] chunks = new byte[0][];
    private int used = CHUNK;

    /** Keeps a new key, and says where. */
    long keep(byte[] from, int start, int end, long count) {
        int length = end - start;
        int room = HEAD + length;
        if (used + room > CHUNK) {
            chunks = Arrays.copyOf(chunks, chunks.length + 1);
            chunks[chunks.length - 1] = new byte[Math.max(CHUNK, room)];
            used = 0;
        }
        byte[] chunk = chunks[chunks.length - 1];
        int at = used;
        LONGS.set(chunk, at, count);
        INTS.set(chunk, at + Long.BYTES, length);
        System.arraycopy(from, start, chunk, at + HEAD, length);
        used += room;
        return ((long) (chunks.length - 1) << CHUNK_BITS) | at;
    }

    /** Whether the key there is this one. Eight bytes at a time, the last of them overlapping those before. */
    boolean holds(long place, byte[] key, int start, int end) {
        byte[] chunk = chunk(place);
        int at = start(place);
        int length = end - start;
        if (length(chunk, at) != length) {
            return false;
        }
        if (length < Long.BYTES) {
            return Arrays.equals(chunk, at, at + length, key, start, end);
        }
        int last = length - Long.BYTES;
        for (int offset = 0; offset < last; offset += Long.BYTES) {
            if (ByteSearch.at(chunk, at + offset) != ByteSearch.at(key, start + offset)) {
                return false;
            }
        }
        return ByteSearch.at(chunk, at + last) == ByteSearch.at(key, start + last);
    }

    /** Adds to a key's count and gives it. */
    long add(long place, long count) {
        byte[] chunk = chunk(place);
        int at = start(place) - HEAD;
        long sum = ByteSearch.at(chunk, at) + count;
        LONGS.set(chunk, at, sum);
        return sum;
    }

    long count(long place) {
        return ByteSearch.at(chunk(place), start(place) - HEAD);
    }

    byte[] key(long place) {
        byte[] chunk = chunk(place);
        int at = start(place);
        return Arrays.copyOfRange(chunk, at, at + length(chunk, at));
    }

    /** How long the key there is. */
    int length(long place) {
        return length(chunk(place), start(place));
    }

    /** The chunk that holds a key. */
    byte[] chunk(long place) {
        return chunks[(int) (place >>> CHUNK_BITS)];
    }

    /** Where in its chunk the key starts. */
    static int start(long place) {
        return (int) (place & (CHUNK - 1)) + HEAD;
    }

    /** The length of the key that starts there. */
    static int length(byte[] chunk, int start) {
        return (int) INTS.get(chunk, start - Integer.BYTES);
    }
}
