package io.bucketbrigade.tables;

import com.carrotsearch.hppc.LongLongHashMap;

/**
 * A set of numbers. Sixty-four neighbours share an entry, a bit each: the ids of a shop are mostly close together, and then
 * millions of them fit into a processor's cache, where a set with an entry for each would wait for memory at every row. Ids that
 * are far apart take some forty bytes each.
 */
final class LongKeys {
    private static final int BITS = 6;

    private final LongLongHashMap neighbours = new LongLongHashMap();

    /** Adds a number that may be in already. */
    void add(long number) {
        long page = number >> BITS;
        int at = neighbours.indexOf(page);
        if (neighbours.indexExists(at)) {
            neighbours.indexReplace(at, neighbours.indexGet(at) | 1L << number);
        } else {
            neighbours.indexInsert(at, page, 1L << number);
        }
    }

    boolean contains(long number) {
        return (neighbours.get(number >> BITS) & 1L << number) != 0;
    }
}
