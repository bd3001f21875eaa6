package io.bucketbrigade.streams;

import java.util.List;

/** Where rows that were sent are kept: the log itself, or a buffer in front of it. */
interface RowStore {
    /**
     * Stores rows. Neither fails because of the other.
     *
     * @param group each is completed when its rows are on a disk or could not be stored, perhaps later
     */
    void store(List<Append> group);
}
