package io.bucketbrigade.buffers;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Rows that are put into a buffer together.
 *
 * @param done completed when the buffer has acknowledged all of them
 */
public record Sending(List<SentRow> rows, CompletableFuture<Void> done) {
    public Sending {
        rows = List.copyOf(rows);
    }
}
