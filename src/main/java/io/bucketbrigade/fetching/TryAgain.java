package io.bucketbrigade.fetching;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** It did not work this time, but may the next; the message says why, without a full stop. */
final class TryAgain extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Duration after;

    /** @param after how long the server asks to wait; null if it doesn't say */
    TryAgain(String why, @Nullable Duration after, @Nullable Throwable cause) {
        super(why, cause);
        this.after = after;
    }

    /** How long the server asks to wait; null if it doesn't say. */
    @Nullable
    Duration after() {
        return after;
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
