package io.bucketbrigade.streams;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are to be stored, all of them or none.
 *
 * @param key the idempotency key under which they were sent; null if there is none
 * @param arrived those that can be used
 * @param rejected those that can't
 * @param log what the log is known by for which they are; null if any will do
 * @param done completed when they are on the disk
 */
record Append(
        @Nullable String key,
        List<ArrivedRow> arrived,
        List<RejectedRow> rejected,
        @Nullable String log,
        CompletableFuture<Receipt> done) {
    /** Rows for any log. */
    Append(
            @Nullable String key,
            List<ArrivedRow> arrived,
            List<RejectedRow> rejected,
            CompletableFuture<Receipt> done) {
        this(key, arrived, rejected, null, done);
    }

    int size() {
        return arrived.size() + rejected.size();
    }
}
