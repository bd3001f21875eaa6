package io.bucketbrigade.fetching;

import io.bucketbrigade.csv.Counted;
import java.util.Locale;

/**
 * What became of a source.
 *
 * @param name the file
 * @param state in one word
 * @param bytes how many bytes arrived
 * @param rate how many arrived per second; 0 if none did
 * @param error why it failed, in a sentence; blank if it did not
 */
public record FetchOutcome(String name, State state, long bytes, double rate, String error) {
    private static final double MEGA = 1_000_000;
    private static final double KILO = 1_000;

    /** What became of it. */
    public enum State {
        /** A new file is in place. */
        FETCHED,
        /** There is nothing new. */
        UNCHANGED,
        /** Somebody else is fetching it just now. */
        BUSY,
        FAILED
    }

    /** The state as it is stored and shown. */
    public String stateName() {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** In a line for people. */
    public String line() {
        return name + ": "
                + switch (state) {
                    case FETCHED -> "fetched " + Counted.of(bytes, "byte") + " at " + rate(rate);
                    case UNCHANGED -> "unchanged";
                    case BUSY -> "is being fetched already";
                    case FAILED -> "failed: " + error;
                };
    }

    /** A number of bytes per second, for people. */
    static String rate(double bytes) {
        return bytes >= MEGA
                ? String.format(Locale.ROOT, "%.1f MB/s", bytes / MEGA)
                : String.format(Locale.ROOT, "%.1f KB/s", bytes / KILO);
    }
}
