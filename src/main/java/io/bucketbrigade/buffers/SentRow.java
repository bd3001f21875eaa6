package io.bucketbrigade.buffers;

import org.jspecify.annotations.Nullable;

/**
 * A row that is put into a buffer.
 *
 * @param key the idempotency key under which it was sent; null if there is none
 * @param number its number under that key, from 0
 * @param order rows with the same text here keep their order
 * @param json what it holds
 */
public record SentRow(@Nullable String key, long number, String order, String json) {
    /** The name under which the key travels with the row. */
    public static final String KEY = "Idempotency-Key";
    /** The name under which the number travels with the row. */
    public static final String NUMBER = "Idempotency-Offset";
}
