package io.bucketbrigade.csv;

/** Guesses from the first quotes of a stretch of bytes whether it starts within a quoted field. */
final class QuoteGuess {
    private final byte[] buffer;
    private final int filled;
    private final byte separator;

    QuoteGuess(byte[] buffer, int filled, byte separator) {
        this.buffer = buffer;
        this.filled = filled;
        this.separator = separator;
    }

    boolean startsInQuotes() {
        boolean flipped = false;
        int at = 0;
        while (at < filled - 1) {
            if (buffer[at] != '"') {
                at++;
                continue;
            }
            int run = at;
            while (run < filled && buffer[run] == '"') {
                run++;
            }
            if (run >= filled) {
                return flipped;
            }
            if ((run - at) % 2 == 1 && at == 0) {
                // Cut off at its beginning, so it tells nothing of itself; but it counts.
                flipped = true;
            } else if ((run - at) % 2 == 1) {
                boolean afterSeparator = isSeparator(buffer[at - 1]);
                boolean beforeSeparator = isSeparator(buffer[run]);
                if (afterSeparator != beforeSeparator) {
                    return beforeSeparator != flipped;
                }
                flipped = !flipped;
            }
            at = run;
        }
        return false;
    }

    private boolean isSeparator(byte b) {
        return b == separator || b == '\n' || b == '\r';
    }
}
