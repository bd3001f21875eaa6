package io.bucketbrigade.csv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes at a time, in a long whose lowest byte is the first. The searches are those of "Determine if a word has a
 * byte equal to n" and "less than n" in Sean Eron Anderson's Bit Twiddling Hacks: in what they give, the topmost bit of a
 * byte that was found is set. Behind the first one found they may err, unless they are said to be exact.
 */
final class ByteSearch {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long RETURNS = ONES * '\r';
    private static final long QUOTES = ONES * '"';

    private ByteSearch() {}

    /** The eight bytes from there. */
    static long at(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    /** A word full of one byte. */
    static long of(int b) {
        return ONES * b;
    }

    /** The bytes that are zero. */
    static long zeros(long word) {
        return (word - ONES) & ~word & HIGHS;
    }

    /** The bytes that are zero, all of them exact. */
    static long exactZeros(long word) {
        return ~(((word & ~HIGHS) + ~HIGHS) | word) & HIGHS;
    }

    /** The separators, of which there is a word full, and what is less than a bound, which is at most 128. */
    static long separatorsAndLess(long word, long separators, int bound) {
        return (((word ^ separators) - ONES) | (word - ONES * bound)) & ~word & HIGHS;
    }

    /** Whether all bytes are ASCII. */
    static boolean isAscii(long word) {
        return (word & HIGHS) == 0;
    }

    /** How many bytes were found, if they are exact: the product sums them all up in its topmost byte. */
    static int count(long found) {
        return (int) (((found >>> 7) * ONES) >>> 56);
    }

    /**
     * How many bytes there are before the first one found. Long.numberOfTrailingZeros is as fast only where the best compiler
     * has come to it, and a command that ends within a second does without that one.
     */
    static int before(long found) {
        return count((found - 1) & ~found & HIGHS);
    }

    /**
     * Where a field without quotes ends: at the first separator or line end.
     *
     * @param bytes readable for seven bytes behind the end
     * @param end where the search ends, if neither was found before
     * @param separators a word full of the separator
     */
    static int endOfField(byte[] bytes, int from, int end, long separators) {
        int at = from;
        while (at < end) {
            long found = separatorsAndLess(at(bytes, at), separators, '\r' + 1);
            if (found == 0) {
                at += Long.BYTES;
                continue;
            }
            at += before(found);
            if (at >= end) {
                break;
            }
            byte b = bytes[at];
            if (b == (byte) separators || b == '\n' || b == '\r') {
                return at;
            }
            at++;
        }
        return Math.max(from, end);
    }

    /**
     * Whether all bytes are ASCII, and neither zero nor a carriage return.
     *
     * @param bytes readable for seven bytes behind the end
     */
    static boolean isPlain(byte[] bytes, int from, int end) {
        long others = 0;
        for (int at = from; at < end; at += Long.BYTES) {
            long word = first(end - at, at(bytes, at));
            others |= (word & HIGHS) | zeros(word) | zeros(word ^ RETURNS);
        }
        return others == 0;
    }

    /**
     * Whether one of the bytes is a quote.
     *
     * @param bytes readable for seven bytes behind the end
     */
    static boolean hasQuote(byte[] bytes, int from, int end) {
        long quotes = 0;
        for (int at = from; at < end; at += Long.BYTES) {
            quotes |= zeros(first(end - at, at(bytes, at)) ^ QUOTES);
        }
        return quotes != 0;
    }

    /** The first bytes of a word, and ones behind them. */
    private static long first(int count, long word) {
        if (count >= Long.BYTES) {
            return word;
        }
        long behind = -1L << (count * Byte.SIZE);
        return (word & ~behind) | (ONES & behind);
    }
}
