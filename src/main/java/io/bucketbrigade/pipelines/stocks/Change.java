package io.bucketbrigade.pipelines.stocks;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * What is computed of a day's first and last price: Close − Open, and that in percent of Open. Rounded half up (away from zero)
 * to at most six decimals, without exponent and trailing zeros.
 *
 * <p>For millions of rows it pays to do it in longs, with both prices as whole numbers of the smaller of their units; wherever
 * that could overflow, and for all other numbers, {@link BigDecimal} does it. That both agree is tested.
 */
final class Change {
    static final int DECIMALS = 6;

    private static final long UNIT = 1_000_000;
    private static final long[] POWERS = new long[19];

    static {
        POWERS[0] = 1;
        for (int exponent = 1; exponent < POWERS.length; exponent++) {
            POWERS[exponent] = POWERS[exponent - 1] * 10;
        }
    }

    /** A difference below this, times a hundred million, fits into a long. */
    private static final long LARGEST_DIFFERENCE = Long.MAX_VALUE / (100 * UNIT);

    private final byte[] text = new byte[32];

    /**
     * Writes the change in percent; nothing where it has none, because a price is missing or the first is zero.
     *
     * @return where what was written ends
     */
    int writePercent(Price open, Price close, byte[] into, int at) {
        if (open.kind() == Price.Kind.BLANK || close.kind() == Price.Kind.BLANK) {
            return at;
        }
        if (open.kind() == Price.Kind.SHORT && close.kind() == Price.Kind.SHORT) {
            if (open.digits() == 0) {
                return at;
            }
            int decimals = Math.max(open.decimals(), close.decimals());
            long first = scaled(open, decimals);
            long last = scaled(close, decimals);
            if (first != Long.MIN_VALUE && last != Long.MIN_VALUE && Math.abs(last - first) < LARGEST_DIFFERENCE) {
                return write(quotient((last - first) * (100 * UNIT), first), into, at);
            }
        }
        return percent(open.value(), close.value(), into, at);
    }

    private static int percent(BigDecimal open, BigDecimal close, byte[] into, int at) {
        return open.signum() == 0
                ? at
                : write(close.subtract(open).movePointRight(2).divide(open, DECIMALS, RoundingMode.HALF_UP), into, at);
    }

    /**
     * Writes Close − Open; nothing where one is missing.
     *
     * @return where what was written ends
     */
    int writeDifference(Price open, Price close, byte[] into, int at) {
        if (open.kind() == Price.Kind.BLANK || close.kind() == Price.Kind.BLANK) {
            return at;
        }
        if (open.kind() == Price.Kind.SHORT && close.kind() == Price.Kind.SHORT) {
            int decimals = Math.max(open.decimals(), close.decimals());
            long first = scaled(open, decimals);
            long last = scaled(close, decimals);
            if (first != Long.MIN_VALUE && last != Long.MIN_VALUE) {
                long difference = last - first;
                if (decimals > DECIMALS) {
                    return write(quotient(difference, POWERS[decimals - DECIMALS]), into, at);
                }
                if (Math.abs(difference) < LARGEST_DIFFERENCE) {
                    return write(difference * POWERS[DECIMALS - decimals], into, at);
                }
            }
        }
        return write(close.value().subtract(open.value()).setScale(DECIMALS, RoundingMode.HALF_UP), into, at);
    }

    /** A price in units of so many decimals; {@link Long#MIN_VALUE} if a long is too small for that. */
    private static long scaled(Price price, int decimals) {
        long factor = POWERS[decimals - price.decimals()];
        long high = Math.multiplyHigh(price.digits(), factor);
        long low = price.digits() * factor;
        boolean fits = (high == 0 && low >= 0) || (high == -1 && low < 0);
        return fits && Math.abs(low) < Long.MAX_VALUE / 4 ? low : Long.MIN_VALUE;
    }

    private static long quotient(long dividend, long divisor) {
        long whole = dividend / divisor;
        long rest = Math.abs(dividend % divisor);
        if (rest >= Math.abs(divisor) - rest) {
            whole += (dividend < 0) == (divisor < 0) ? 1 : -1;
        }
        return whole;
    }

    private static int write(BigDecimal number, byte[] into, int at) {
        byte[] digits = plain(number).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, into, at, digits.length);
        return at + digits.length;
    }

    /** Without exponent and trailing zeros. */
    static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    /** Writes a number of millionths. */
    private int write(long millionths, byte[] into, int start) {
        int at = start;
        long rest = Math.abs(millionths);
        if (millionths < 0) {
            into[at++] = '-';
        }
        long whole = rest / UNIT;
        int decimals = (int) (rest % UNIT);
        int first = text.length;
        do {
            text[--first] = (byte) ('0' + whole % 10);
            whole /= 10;
        } while (whole > 0);
        System.arraycopy(text, first, into, at, text.length - first);
        at += text.length - first;
        if (decimals > 0) {
            into[at++] = '.';
            for (int unit = (int) UNIT / 10; decimals > 0; unit /= 10) {
                into[at++] = (byte) ('0' + decimals / unit);
                decimals %= unit;
            }
        }
        return at;
    }
}
