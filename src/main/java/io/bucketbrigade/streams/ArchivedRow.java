package io.bucketbrigade.streams;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of an archive.
 *
 * @param partition the part of the stream in which the row keeps its order
 * @param position its position there
 * @param arrived when it was stored, as ISO 8601
 * @param key the idempotency key under which it was sent, as a JSON string; null if there is none
 * @param number its number under this key; null if there is none
 * @param json what it holds, as an object with all columns of the stream
 */
record ArchivedRow(
        int partition,
        long position,
        String arrived,
        @Nullable String key,
        @Nullable Long number,
        String json) {
    /** A text may hold what Unicode takes for the end of a line. */
    private static final Pattern LINE = Pattern.compile(
            "\\{\"_partition\":(\\d{1,4}),\"_position\":(\\d{1,18}),\"_arrived\":\"([^\"]{10,40})\","
                    + "(?:\"_key\":(\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"),\"_number\":(\\d{1,18}),)?(.*)",
            Pattern.DOTALL);

    /** Null if it is none. */
    static @Nullable ArchivedRow of(String line) {
        Matcher row = LINE.matcher(line);
        return row.matches()
                ? new ArchivedRow(
                        Integer.parseInt(row.group(1)),
                        Long.parseLong(row.group(2)),
                        row.group(3),
                        row.group(4),
                        row.group(5) == null ? null : Long.valueOf(row.group(5)),
                        "{" + row.group(6))
                : null;
    }
}
