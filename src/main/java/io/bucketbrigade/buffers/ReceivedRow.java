package io.bucketbrigade.buffers;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A row that was read from a buffer, as it is there; anybody may have put it there.
 *
 * @param key the idempotency key that came with it; null if none did
 * @param number its number under that key; null if it says none
 * @param text what it holds, perhaps nothing that can be used
 * @param place where it was, for people
 */
public record ReceivedRow(@Nullable String key, @Nullable String number, ByteBuffer text, String place) {}
