package io.bucketbrigade.csv;

import java.io.IOException;

/**
 * A stretch of a file; the rows that start in it are its own.
 *
 * @param count the count it is a part of
 * @param index its number, from 0
 * @param from first byte
 * @param to byte after the last
 */
public record Block(KeyCount count, int index, long from, long to) {

    /**
     * Counts the rows of this block. Where its first row starts is decided by the bytes alone, so that blocks can be
     * counted in parallel; {@link KeyCount#add} checks it.
     *
     * @throws IOException if the bytes can't be read
     */
    public BlockTally tally() throws IOException {
        return count.tally(this);
    }
}
