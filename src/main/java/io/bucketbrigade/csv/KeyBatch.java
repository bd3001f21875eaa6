package io.bucketbrigade.csv;

/**
 * Keys on their way from the window into a tally, some thousand at a time: a tally that is asked for many keys in a row
 * looks several up at once, where one key per row waits for memory between two rows.
 */
final class KeyBatch {
    private static final int MOST = 1 << 10;

    private final Tally tally;
    private final int weight;
    private final RepeatedHeader header;
    private final boolean[] firstBytesOfName;
    private final int longestName;
    private final long[] shortKeys = new long[MOST];
    private int shortCount;
    private final long[] longTags = new long[MOST];
    private final int[] starts = new int[MOST];
    private final int[] ends = new int[MOST];
    private int longCount;
    private byte[] bytes = {};

    /** @param weight what each key counts: 1, or -1 to take it back, or 0 if none is kept */
    KeyBatch(Tally tally, int weight, RepeatedHeader header) {
        this.tally = tally;
        this.header = header;
        this.firstBytesOfName = header.firstBytes;
        this.longestName = header.longest;
        this.weight = weight;
    }

    /** Says which bytes hold the keys until the next {@link #flush}. */
    void startOn(byte[] window) {
        bytes = window;
    }

    /**
     * Takes a key if it is plain: ASCII without zeros, no blanks around it, and neither the column's name nor a word for a missing
     * value. False if it isn't.
     */
    boolean take(int from, int to) {
        byte[] window = bytes;
        int length = to - from;
        byte first = window[from];
        if (length <= 0 || first <= ' ' || window[to - 1] <= ' ') {
            return false;
        }
        if (firstBytesOfName[first]
                && length <= longestName
                && (MissingValue.is(window, from, to) || header.isName(window, from, to))) {
            return false;
        }
        if (length > Long.BYTES) {
            return takeLong(from, to);
        }
        long wanted = -1L >>> (Long.SIZE - Byte.SIZE * length);
        long word = ByteSearch.at(window, from) & wanted;
        if (!ByteSearch.isAscii(word) || ByteSearch.zeros(word | ~wanted) != 0) {
            return false;
        }
        if (shortCount == MOST) {
            flush();
        }
        shortKeys[shortCount++] = word;
        return true;
    }

    private boolean takeLong(int from, int to) {
        if (to - from > RowScanner.LONGEST_KEY) {
            return false;
        }
        for (int at = from; at < to; at += Long.BYTES) {
            long word = ByteSearch.at(bytes, Math.min(at, to - Long.BYTES));
            if (!ByteSearch.isAscii(word) || ByteSearch.zeros(word) != 0) {
                return false;
            }
        }
        if (longCount == MOST) {
            flush();
        }
        longTags[longCount] = LongKey.tag(bytes, from, to);
        starts[longCount] = from;
        ends[longCount++] = to;
        return true;
    }

    /** Puts the keys into the tally. */
    void flush() {
        if (weight != 0) {
            tally.addShort(shortKeys, shortCount, weight);
            tally.addLong(bytes, longTags, starts, ends, longCount, weight);
        }
        shortCount = 0;
        longCount = 0;
    }
}
