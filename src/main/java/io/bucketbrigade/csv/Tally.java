package io.bucketbrigade.csv;

import java.nio.charset.StandardCharsets;

/**
 * A count per key, where keys are short runs of bytes.
 *
 * <p>An open hash table without an object per key. A key of up to eight bytes is kept in a long, with its count beside it:
 * one look at memory. A longer key is kept in an arena behind its count, and the table holds a hash of it and where it
 * is. Slots are found by the topmost bits of a product, so that walking one tally's slots in order meets another's in
 * order too, and merging streams through memory instead of jumping about in it. Not safe for several threads.
 */
public final class Tally {
    private static final int SMALLEST = 1 << 10;
    private static final int LARGEST = 1 << 29;
    private static final int MERGED_AT_ONCE = 1 << 10;

    /** Per slot a tag and a value: a short key and its count, or a longer key's hash and its place in the arena. */
    private long[] slots = {};

    private int mask;
    private int shift;
    private int size;
    private int mostKeys;
    private final KeyArena arena = new KeyArena();
    /** Of the keys that are being looked up: their slots, what these hold, their places in the arena and lengths there. */
    private int[] homes = {};

    private long[] homeTags = {};
    private long[] places = {};
    private int[] lengths = {};

    public Tally() {
        allocate(SMALLEST);
    }

    /** A table of that many slots, at most five eighths full: with more, looking for what isn't there takes long. */
    private void allocate(int capacity) {
        slots = new long[2 * capacity];
        mask = 2 * capacity - 1;
        shift = Long.SIZE - Integer.numberOfTrailingZeros(capacity);
        mostKeys = capacity / 8 * 5;
    }

    /**
     * Adds to a key's count.
     *
     * @return the key's count now
     * @throws IllegalStateException if there are more distinct keys than can be held
     */
    public long add(byte[] from, int start, int end, long count) {
        long word = ShortKey.of(from, start, end);
        if (word == ShortKey.NONE) {
            return addLong(LongKey.tag(from, start, end), from, start, end, count);
        }
        int slot = slot(word);
        while (slots[slot] != word && slots[slot] != 0) {
            slot = (slot + 2) & mask;
        }
        long sum = slots[slot + 1] + count;
        boolean known = slots[slot] != 0;
        slots[slot] = word;
        slots[slot + 1] = sum;
        if (!known) {
            countNew();
        }
        return sum;
    }

    /** Adds to the counts of the first of these {@link ShortKey}s. */
    void addShort(long[] words, int length, long count) {
        makeRoom(length);
        lookUp(words, length);
        int added = 0;
        for (int at = 0; at < length; at++) {
            if (homeTags[at] == words[at]) {
                slots[homes[at] + 1] += count;
            } else {
                added += addShort(words[at], count);
            }
        }
        size += added;
    }

    /**
     * Notes for many tags what is in the slots they belong to. Only loads that don't depend on each other: so memory is
     * asked for many of them at once, and what is decided from them afterwards waits for the cache only.
     */
    private void lookUp(long[] tags, int length) {
        if (homes.length < length) {
            homes = new int[tags.length];
            homeTags = new long[tags.length];
            places = new long[tags.length];
            lengths = new int[tags.length];
        }
        for (int at = 0; at < length; at++) {
            int slot = slot(tags[at]);
            homes[at] = slot;
            homeTags[at] = slots[slot];
        }
    }

    /**
     * Adds to a short key's count where there is room, and gives 1 if it is new. A new key is treated as a known one with
     * count 0, and the search's two conditions are made one, so that nearly all keys take the same way and the processor
     * doesn't guess wrong.
     */
    private int addShort(long word, long count) {
        long[] table = slots;
        int slot = slot(word);
        long tag = table[slot];
        while (((tag ^ word) & ((tag | -tag) >> 63)) != 0) {
            slot = (slot + 2) & mask;
            tag = table[slot];
        }
        table[slot] = word;
        table[slot + 1] += count;
        return tag == 0 ? 1 : 0;
    }

    /** Adds to the counts of the first of these keys, which are not {@link ShortKey}s and have these tags. */
    void addLong(byte[] from, long[] tags, int[] starts, int[] ends, int length, long count) {
        lookUp(tags, length);
        for (int at = 0; at < length; at++) {
            int slot = homes[at];
            for (long tag = homeTags[at]; tag != tags[at] && tag != 0; tag = slots[slot]) {
                slot = (slot + 2) & mask;
            }
            places[at] = slots[slot] == 0 ? KeyArena.NOWHERE : slots[slot + 1];
        }
        for (int at = 0; at < length; at++) {
            lengths[at] = places[at] == KeyArena.NOWHERE ? -1 : arena.length(places[at]);
        }
        for (int at = 0; at < length; at++) {
            if (lengths[at] == ends[at] - starts[at] && arena.holds(places[at], from, starts[at], ends[at])) {
                arena.add(places[at], count);
            } else {
                addLong(tags[at], from, starts[at], ends[at], count);
            }
        }
    }

    private long addLong(long tag, byte[] from, int start, int end, long count) {
        int slot = slot(tag);
        while (slots[slot] != 0) {
            if (slots[slot] == tag && arena.holds(slots[slot + 1], from, start, end)) {
                return arena.add(slots[slot + 1], count);
            }
            slot = (slot + 2) & mask;
        }
        slots[slot] = tag;
        slots[slot + 1] = arena.keep(from, start, end, count);
        countNew();
        return count;
    }

    private void countNew() {
        size++;
        makeRoom(0);
    }

    private void makeRoom(int more) {
        while ((long) size + more > mostKeys) {
            grow();
        }
    }

    private void grow() {
        if (slots.length == 2 * LARGEST) {
            throw new IllegalStateException(
                    "There are more than " + mostKeys + " distinct keys, which is more than can be counted here.");
        }
        long[] old = slots;
        allocate(old.length);
        for (int at = 0; at < old.length; at += 2) {
            if (old[at] != 0) {
                int slot = slot(old[at]);
                while (slots[slot] != 0) {
                    slot = (slot + 2) & mask;
                }
                slots[slot] = old[at];
                slots[slot + 1] = old[at + 1];
            }
        }
    }

    private int slot(long tag) {
        return (int) ((tag * LongKey.MULTIPLIER) >>> shift) << 1;
    }

    /**
     * Adds all counts of another tally, but for those that are 0.
     *
     * <p>Keys come in the order of their slots. In a table that isn't larger they would fill one stretch after the other to
     * the brim, and each would have to look past all before it, so the table is made larger first.
     */
    void merge(Tally other) {
        while (slots.length <= other.slots.length && slots.length < 2 * LARGEST) {
            grow();
        }
        int from = 0;
        while (from < other.slots.length) {
            int to = Math.min(other.slots.length, from + 2 * MERGED_AT_ONCE);
            makeRoom(MERGED_AT_ONCE);
            mergeSlots(other, from, to);
            from = to;
        }
    }

    private void mergeSlots(Tally other, int from, int to) {
        int added = 0;
        for (int at = from; at < to; at += 2) {
            long tag = other.slots[at];
            long value = other.slots[at + 1];
            if (ShortKey.isShort(tag)) {
                added += value == 0 ? 0 : addShort(tag, value);
            } else if (tag != 0 && other.arena.count(value) != 0) {
                byte[] chunk = other.arena.chunk(value);
                int start = KeyArena.start(value);
                addLong(tag, chunk, start, start + KeyArena.length(chunk, start), other.arena.count(value));
            }
        }
        size += added;
    }

    /** The place of a key, or -1 if it was never added. Places hold until the next key is added. */
    public int find(byte[] from, int start, int end) {
        long word = ShortKey.of(from, start, end);
        long tag = word != ShortKey.NONE ? word : LongKey.tag(from, start, end);
        for (int slot = slot(tag); slots[slot] != 0; slot = (slot + 2) & mask) {
            if (slots[slot] == tag && (word == tag || arena.holds(slots[slot + 1], from, start, end))) {
                return slot >> 1;
            }
        }
        return -1;
    }

    /** How many distinct keys there are. */
    public int size() {
        return size;
    }

    /** All places are below this. */
    public int places() {
        return slots.length / 2;
    }

    /** The first place behind this one that holds a key; -1 behind the last. Begin with -1. */
    public int next(int place) {
        for (int at = 2 * (place + 1); at < slots.length; at += 2) {
            if (slots[at] != 0) {
                return at / 2;
            }
        }
        return -1;
    }

    /** The count of the key at that place. */
    public long count(int place) {
        long value = slots[2 * place + 1];
        return ShortKey.isShort(slots[2 * place]) ? value : arena.count(value);
    }

    /** The key at that place, as text. */
    public String key(int place) {
        long tag = slots[2 * place];
        byte[] bytes = ShortKey.isShort(tag) ? ShortKey.bytes(tag) : arena.key(slots[2 * place + 1]);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The sum over all keys, computed from the table itself. */
    public long sum() {
        long sum = 0;
        for (int place = next(-1); place >= 0; place = next(place)) {
            sum += count(place);
        }
        return sum;
    }
}
