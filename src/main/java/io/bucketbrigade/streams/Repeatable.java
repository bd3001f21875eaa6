package io.bucketbrigade.streams;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What makes a request one that can be sent again: each of its rows is known by a key and a number.
 *
 * @param key the idempotency key; null if the request has none, and would be stored again
 * @param first the number of the request's first row, for rows of one file that are sent in several requests
 * @param log what the log is known by to which the rows before these were sent; null if the request is for any
 */
record Repeatable(
        @Nullable String key, long first, @Nullable String log) {
    /** How keys begin that no sender may use. */
    static final String OURS = "brigade:";
    /** How those begin under which rejected rows without a key are replayed; the id of the row follows. */
    static final String REJECTED = OURS + "rejected:";

    private static final int LONGEST_KEY = 200;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}");

    Repeatable(@Nullable String key, long first) {
        this(key, first, null);
    }

    /** @param onlyLog what the log is known by for which the request is; null or blank if it is for any */
    Repeatable in(@Nullable String onlyLog) {
        return new Repeatable(key, first, onlyLog == null || onlyLog.isBlank() ? null : onlyLog);
    }

    /**
     * As a request says it.
     *
     * @param key null if it has no key
     * @param offset null if its rows are numbered from 0
     * @throws Problem if they can't be used
     */
    static Repeatable of(@Nullable String key, @Nullable String offset) {
        if (key != null && (key.isBlank() || key.length() > LONGEST_KEY || key.indexOf('\0') >= 0)) {
            throw new Problem(Kind.USAGE, "The Idempotency-Key must have 1 to " + LONGEST_KEY + " characters.");
        }
        if (key != null && key.startsWith(OURS)) {
            throw new Problem(Kind.USAGE, "The Idempotency-Key must not begin with " + OURS + ".");
        }
        if (offset != null && (key == null || !NUMBER.matcher(offset).matches())) {
            throw new Problem(
                    Kind.USAGE,
                    "The Idempotency-Offset must be a whole number from 0, and is only for requests with an Idempotency-Key.");
        }
        return new Repeatable(key, offset == null ? 0 : Long.parseLong(offset));
    }

    /**
     * As a row from a buffer says it, which this program may have put there.
     *
     * @throws Problem if they can't be used
     */
    static Repeatable received(@Nullable String key, @Nullable String number) {
        if (key == null) {
            return new Repeatable(null, 0);
        }
        if (key.startsWith(OURS)) {
            Repeatable own = of(key.substring(OURS.length()), number);
            return new Repeatable(key, own.first());
        }
        return of(key, number);
    }
}
