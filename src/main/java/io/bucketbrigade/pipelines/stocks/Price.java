package io.bucketbrigade.pipelines.stocks;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * A number in a field, read again and again into the same object. Most prices are a few digits with a point among
 * them, for which a long holds all that counts; the others are left to {@link BigDecimal}.
 */
final class Price {
    /** With so many digits, the differences and quotients of {@link Change} stay in a long. */
    private static final int MOST_DIGITS = 15;

    private static final int MOST_DECIMALS = 9;
    /** Nobody means a number beyond this, and text of it would fill the memory. */
    private static final int LARGEST_EXPONENT = 100;

    /** What a field can hold. */
    enum Kind {
        BLANK,
        SHORT,
        LONG,
        NONE
    }

    private Kind kind = Kind.BLANK;
    private long digits;
    private int decimals;
    private BigDecimal exact = BigDecimal.ZERO;

    /** Reads the field between two places, without the blanks around it. */
    Kind read(byte[] bytes, int from, int to) {
        if (from == to) {
            kind = Kind.BLANK;
        } else if (readShort(bytes, from, to)) {
            kind = Kind.SHORT;
        } else {
            kind = readLong(bytes, from, to);
        }
        return kind;
    }

    private boolean readShort(byte[] bytes, int from, int to) {
        boolean negative = bytes[from] == '-';
        int at = negative ? from + 1 : from;
        if (to - at > MOST_DIGITS + 1) {
            return false;
        }
        long read = 0;
        int count = 0;
        int point = -1;
        for (; at < to; at++) {
            byte one = bytes[at];
            if (one >= '0' && one <= '9') {
                read = read * 10 + (one - '0');
                count++;
            } else if (one == '.' && point < 0) {
                point = at;
            } else {
                return false;
            }
        }
        int behindPoint = point < 0 ? 0 : to - point - 1;
        if (count == 0 || count > MOST_DIGITS || behindPoint > MOST_DECIMALS) {
            return false;
        }
        digits = negative ? -read : read;
        decimals = behindPoint;
        return true;
    }

    private Kind readLong(byte[] bytes, int from, int to) {
        if (to - from > HistoricalRow.WIDEST) {
            return Kind.NONE;
        }
        try {
            BigDecimal read = new BigDecimal(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
            if (Math.abs((long) read.precision() - read.scale()) > LARGEST_EXPONENT
                    || Math.abs((long) read.scale()) > LARGEST_EXPONENT) {
                return Kind.NONE;
            }
            exact = read;
            return Kind.LONG;
        } catch (NumberFormatException none) {
            return Kind.NONE;
        }
    }

    Kind kind() {
        return kind;
    }

    /** All digits of a short one, without the point. */
    long digits() {
        return digits;
    }

    /** How many of them are behind the point. */
    int decimals() {
        return decimals;
    }

    /** Its value. */
    BigDecimal value() {
        return kind == Kind.SHORT ? BigDecimal.valueOf(digits, decimals) : exact;
    }
}
