package io.bucketbrigade.csv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A count per key, where keys are short runs of bytes.
 *
 * <p>An open hash table over one growing byte array: no object per key, so millions of keys cost little more than their
 * bytes, and two tallies merge at the speed of memory. Keys are numbered from 0 in the order in which they came. Not safe
 * for several threads; each block has its own.
 */
public final class Tally {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIX = 0x9E3779B97F4A7C15L;
    /** Drawn per process, so that nobody can prepare a file whose keys all collide. */
    private static final long SEED = System.nanoTime() * MIX;

    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private int[] slots;
    private int mask;
    private long[] counts;
    private int[] hashes;
    private int[] ends;
    private byte[] bytes;
    private int size;

    public Tally() {
        slots = new int[1024];
        mask = slots.length - 1;
        counts = new long[512];
        hashes = new int[512];
        ends = new int[512];
        bytes = new byte[4096];
    }

    /**
     * Adds to a key's count.
     *
     * @return the key's number, from 0
     * @throws IllegalStateException if the keys need more than 2 GiB
     */
    public int add(byte[] from, int start, int end, long count) {
        return add(from, start, end, hash(from, start, end), count);
    }

    private int add(byte[] from, int start, int end, int hash, long count) {
        int slot = hash & mask;
        while (slots[slot] != 0) {
            int key = slots[slot] - 1;
            if (hashes[key] == hash && Arrays.equals(bytes, start(key), ends[key], from, start, end)) {
                counts[key] += count;
                return key;
            }
            slot = (slot + 1) & mask;
        }
        return insert(from, start, end, hash, count, slot);
    }

    private int insert(byte[] from, int start, int end, int hash, long count, int slot) {
        if (size == counts.length) {
            grow();
            return addNew(from, start, end, hash, count);
        }
        int key = size++;
        slots[slot] = size;
        hashes[key] = hash;
        counts[key] = count;
        int at = start(key);
        makeRoom(at, end - start);
        System.arraycopy(from, start, bytes, at, end - start);
        ends[key] = at + end - start;
        return key;
    }

    private int addNew(byte[] from, int start, int end, int hash, long count) {
        int slot = hash & mask;
        while (slots[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        return insert(from, start, end, hash, count, slot);
    }

    private void makeRoom(int at, int length) {
        long needed = (long) at + length;
        if (needed > bytes.length) {
            if (needed > LARGEST_ARRAY) {
                throw new IllegalStateException(
                        "The distinct keys need more than 2 GiB, which is more than can be counted "
                                + "on one machine here.");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(LARGEST_ARRAY, Math.max(needed, 2L * bytes.length)));
        }
    }

    private void grow() {
        int capacity = counts.length * 2;
        counts = Arrays.copyOf(counts, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        ends = Arrays.copyOf(ends, capacity);
        slots = new int[capacity * 2];
        mask = slots.length - 1;
        for (int key = 0; key < size; key++) {
            int slot = hashes[key] & mask;
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = key + 1;
        }
    }

    /** Adds all counts of another tally. */
    public void merge(Tally other) {
        for (int key = 0; key < other.size; key++) {
            add(other.bytes, other.start(key), other.ends[key], other.hashes[key], other.counts[key]);
        }
    }

    /** The key's number, or -1 if it was never added. */
    public int find(byte[] key) {
        int hash = hash(key, 0, key.length);
        int slot = hash & mask;
        while (slots[slot] != 0) {
            int at = slots[slot] - 1;
            if (hashes[at] == hash && Arrays.equals(bytes, start(at), ends[at], key, 0, key.length)) {
                return at;
            }
            slot = (slot + 1) & mask;
        }
        return -1;
    }

    /** How many distinct keys there are. */
    public int size() {
        return size;
    }

    /** The sum over all keys, taken from the table itself. */
    public long sum() {
        long sum = 0;
        for (int key = 0; key < size; key++) {
            sum += counts[key];
        }
        return sum;
    }

    /** The count of the key with that number. */
    public long count(int key) {
        return counts[key];
    }

    /** The key with that number, as text. */
    public String key(int key) {
        return new String(bytes, start(key), ends[key] - start(key), StandardCharsets.UTF_8);
    }

    private int start(int key) {
        return key == 0 ? 0 : ends[key - 1];
    }

    private static int hash(byte[] bytes, int start, int end) {
        long hash = SEED ^ (end - start);
        int at = start;
        for (; at + 8 <= end; at += 8) {
            hash = (hash ^ (long) LONGS.get(bytes, at)) * MIX;
            hash ^= hash >>> 32;
        }
        long rest = 0;
        for (; at < end; at++) {
            rest = (rest << 8) | (bytes[at] & 0xFF);
        }
        hash = (hash ^ rest) * MIX;
        return (int) (hash ^ (hash >>> 32));
    }
}
