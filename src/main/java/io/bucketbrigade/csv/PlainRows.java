package io.bucketbrigade.csv;

/**
 * Counts plain rows, which nearly all rows are: whole in the window, with as many fields as wanted, each either without
 * quotes or wholly in quotes, perhaps one empty field more at the end, and a key of ASCII without blanks around it. It stops
 * before the first row that isn't, which is for {@link RowScanner#next}.
 *
 * <p>This is the fenced class: everything else in the project is written to be read, this is written to be fast. Eight bytes
 * are examined at a time, nothing is called per byte, and what is found is kept in local variables. Behind the window are
 * sentinels that end every search, so that the searches need no bound of their own; a row that one of them ended reaches
 * beyond the window, and is not counted here.
 */
final class PlainRows {
    private static final long QUOTES = ByteSearch.of('"');
    private static final long NEWLINES = ByteSearch.of('\n');
    /** Rows with one empty field more are counted in the upper bits of the newlines: no window has as many of either. */
    private static final int COUNTED_ABOVE = 24;

    private final RowScanner scanner;
    private final KeyBatch keys;
    private final int keyColumn;
    private final int lastColumn;
    private final byte separatorByte;
    private long longerRows;

    PlainRows(RowScanner scanner, int columns, KeyBatch keys) {
        this.scanner = scanner;
        this.keys = keys;
        this.keyColumn = scanner.wantedColumn;
        this.lastColumn = columns - 1;
        this.separatorByte = scanner.separator;
    }

    /** How many rows with one empty field more there were so far. */
    long longerRows() {
        return longerRows;
    }

    /** Counts plain rows that start before {@code stopAt}, moves the scanner behind them, and says how many there were. */
    long count(long stopAt) {
        byte[] bytes = scanner.buffer;
        int filled = scanner.filled;
        long limit = Math.min(filled, stopAt - scanner.base);
        int at = scanner.position;
        int counted = at;
        long rows = 0;
        long newlines = 0;
        long separators = ByteSearch.of(separatorByte);
        keys.startOn(bytes);
        rows:
        while (at < limit) {
            int keyFrom = 0;
            int keyTo = 0;
            int newlinesWithin = 0;
            for (int column = 0; ; column++) {
                int from = at;
                int to;
                if (bytes[at] == '"') {
                    from = ++at;
                    while (true) {
                        long word = ByteSearch.at(bytes, at);
                        long quotes = ByteSearch.zeros(word ^ QUOTES);
                        long newlinesFound = ByteSearch.exactZeros(word ^ NEWLINES);
                        if (quotes == 0) {
                            newlinesWithin += ByteSearch.count(newlinesFound);
                            at += Long.BYTES;
                            continue;
                        }
                        newlinesWithin += ByteSearch.count(newlinesFound & (quotes ^ (quotes - 1)));
                        at += ByteSearch.before(quotes);
                        if (bytes[at + 1] != '"') {
                            break;
                        }
                        if (column == keyColumn) {
                            break rows;
                        }
                        at += 2;
                    }
                    to = at++;
                } else {
                    while (true) {
                        long found = ByteSearch.separatorsAndLess(ByteSearch.at(bytes, at), separators, '\r' + 1);
                        if (found == 0) {
                            at += Long.BYTES;
                            continue;
                        }
                        at += ByteSearch.before(found);
                        byte b = bytes[at];
                        if (b == (byte) separators || b == '\n' || b == '\r') {
                            break;
                        }
                        at++;
                    }
                    to = at;
                }
                if (column == keyColumn) {
                    keyFrom = from;
                    keyTo = to;
                }
                byte separator = bytes[at++];
                if (column < lastColumn) {
                    if (separator != (byte) separators) {
                        break rows;
                    }
                } else if (separator == '\n') {
                    break;
                } else if (separator == '\r' && bytes[at] == '\n') {
                    at++;
                    break;
                } else if (separator == (byte) separators && bytes[at] == '\n') {
                    at++;
                    newlinesWithin += 1 << COUNTED_ABOVE;
                    break;
                } else if (separator == (byte) separators && bytes[at] == '\r' && bytes[at + 1] == '\n') {
                    at += 2;
                    newlinesWithin += 1 << COUNTED_ABOVE;
                    break;
                } else {
                    break rows;
                }
            }
            if (at > filled || !keys.take(keyFrom, keyTo)) {
                break;
            }
            rows++;
            newlines += newlinesWithin + 1;
            counted = at;
        }
        keys.flush();
        scanner.position = counted;
        scanner.newlines += newlines & ((1 << COUNTED_ABOVE) - 1);
        longerRows += newlines >>> COUNTED_ABOVE;
        return rows;
    }
}
