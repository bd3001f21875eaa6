package io.bucketbrigade.csv;

/**
 * Guesses from the first quotes of a window whether it starts within a quoted field. Where there are no quotes the whole window is
 * searched, for every block of the file; so eight bytes are examined at a time, and the sentinel behind the window, which is a quote,
 * ends the search.
 */
final class QuoteGuess {
    private static final long QUOTES = ByteSearch.of('"');

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
        for (int at = nextQuote(0); at < filled - 1; ) {
            int run = at;
            while (run < filled && buffer[run] == '"') {
                run++;
            }
            if (run >= filled) {
                return flipped;
            }
            if ((run - at) % 2 == 1 && at == 0) {
                // Cut off at its beginning, so it decides nothing by itself; but it counts.
                flipped = true;
            } else if ((run - at) % 2 == 1) {
                boolean afterSeparator = isSeparator(buffer[at - 1]);
                boolean beforeSeparator = isSeparator(buffer[run]);
                if (afterSeparator != beforeSeparator) {
                    return beforeSeparator != flipped;
                }
                flipped = !flipped;
            }
            at = nextQuote(run);
        }
        return false;
    }

    private int nextQuote(int from) {
        int at = from;
        long quotes = ByteSearch.zeros(ByteSearch.at(buffer, at) ^ QUOTES);
        while (quotes == 0) {
            at += Long.BYTES;
            quotes = ByteSearch.zeros(ByteSearch.at(buffer, at) ^ QUOTES);
        }
        return at + ByteSearch.before(quotes);
    }

    private boolean isSeparator(byte b) {
        return b == separator || b == '\n' || b == '\r';
    }
}
