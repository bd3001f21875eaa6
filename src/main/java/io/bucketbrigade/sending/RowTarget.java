package io.bucketbrigade.sending;

import java.io.IOException;
import java.util.Optional;

/** What the rows of a file are sent to. */
@FunctionalInterface
interface RowTarget {
    /**
     * Sends rows.
     *
     * @param first the number of the first of them in the file, from 0
     * @param rows a JSON array
     * @param log what the log is known by for which they are; blank if any will do
     * @return the stream's answer
     * @throws AnotherLog if the stream has another one; then none of them is stored
     * @throws io.bucketbrigade.problems.Problem if they are refused, or the stream can't be reached within its patience
     * @throws IOException if the stream fails without words
     */
    StreamAnswer send(long first, String rows, String log) throws IOException;

    /** The columns of the stream; empty if they are not known, and then the stream rejects rows. */
    default Optional<StreamColumns> columns() {
        return Optional.empty();
    }
}
