package io.bucketbrigade.tables;

import com.carrotsearch.hppc.LongLongHashMap;

/**
 * What rejected rows have in a column that other files refer to, and on which lines. The lines of the first
 * {@value #MOST_LINES} values are kept; of the others only that they were rejected, which takes as little memory as the values of
 * accepted rows.
 */
final class RejectedKeys {
    static final int MOST_LINES = 100_000;
    static final long UNKNOWN = 0;

    private final LongKeys values = new LongKeys();
    private final LongLongHashMap lines = new LongLongHashMap();
    private boolean unread;

    void add(long value, long line) {
        values.add(value);
        if (lines.size() < MOST_LINES && !lines.containsKey(value)) {
            lines.put(value, line);
        }
    }

    /** A row was rejected whose value can't be read. */
    void addUnread() {
        unread = true;
    }

    boolean hasUnread() {
        return unread;
    }

    boolean contains(long value) {
        return values.contains(value);
    }

    /** The line of the first rejected row with that value; {@value #UNKNOWN} if it was not kept. */
    long line(long value) {
        return lines.getOrDefault(value, UNKNOWN);
    }
}
