package io.bucketbrigade.csv;

import java.io.IOException;
import java.util.Arrays;

/**
 * Walks over the rows of a CSV from any position, in one pass over a reused buffer, and takes every row as it is;
 * {@link PlainRows} is faster for the plain ones.
 *
 * <p>The buffer is a window on the source that slides forward; of a row only the wanted column (the key) is kept when the
 * window moves, so a row may be longer than the buffer and than memory. The state between two bytes is the position in
 * the code: in an unquoted field, in a quoted one, or after a closing quote. Rows end at LF, CRLF or CR outside quotes;
 * a quote opens only as the first byte of a field; lines of nothing but blanks and separators are not rows. All bytes that
 * matter are ASCII, and no byte of a longer UTF-8 sequence is, so nothing is decoded.
 */
final class RowScanner {
    static final int LONGEST_KEY = 65_536;
    /** What ends every search behind the window, in quotes or not, even where its last byte is a separator or a quote. */
    private static final byte[] SENTINELS = {'"', '\n', '"', '\n'};

    private static final byte VERTICAL_TAB = 0x0B;
    private static final int BEHIND_WINDOW = SENTINELS.length + Long.BYTES;

    static final int SMALLEST_BUFFER = 4 * LONGEST_KEY + BEHIND_WINDOW;

    private final ByteSource source;
    final byte[] buffer;
    final byte separator;
    /** A word full of it. */
    final long separators;

    final int wantedColumn;
    private final long mostRead;

    /** The window: bytes from {@code position} to {@code filled} are still to be read. */
    long base;

    int position;
    int filled;
    private boolean sourceEnded;

    private int fields;
    private int usedFields;
    private boolean fieldBlank;
    private long rowStart;
    private long newlinesBeforeRow;
    long newlines;
    /** Lines passed that hold separators, but no value. */
    long linesWithoutValue;

    private RowProblem problem = RowProblem.NONE;
    private int keyStart = -1;
    private int keyEnd = -1;
    private boolean keyQuoted;
    private boolean keyHasDoubledQuotes;
    private boolean keyOpen;
    private boolean rowPending;
    private boolean rowChanged;

    /**
     * @param wantedColumn index of the column whose bytes are kept; -1 for none
     * @param start where to start, in bytes
     * @param mostRead position beyond which nothing is read; {@link #cutShort()} says when that stopped it
     */
    RowScanner(ByteSource source, byte[] buffer, Separator separator, int wantedColumn, long start, long mostRead) {
        if (buffer.length < SMALLEST_BUFFER) {
            throw new IllegalArgumentException("a buffer of at least " + SMALLEST_BUFFER + " bytes is needed");
        }
        this.source = source;
        this.buffer = buffer;
        this.separator = separator.symbol();
        this.separators = ByteSearch.of(this.separator);
        this.wantedColumn = wantedColumn;
        this.base = start;
        this.mostRead = mostRead;
    }

    /** Moves to the next row that starts before {@code stopAt}; false if there is none. */
    boolean next(long stopAt) throws IOException {
        while (true) {
            if (position == filled && !refill()) {
                return false;
            }
            if (base + position >= stopAt) {
                return false;
            }
            byte first = buffer[position];
            if (first == '\n') {
                position++;
                newlines++;
            } else if (first == '\r') {
                position++;
                endLineAfterCarriageReturn();
            } else {
                scanRow();
                if (usedFields > 0) {
                    return true;
                }
                linesWithoutValue += fields > 1 ? 1 : 0;
            }
        }
    }

    private void scanRow() throws IOException {
        rowStart = base + position;
        newlinesBeforeRow = newlines;
        rowPending = true;
        fields = 0;
        usedFields = 0;
        problem = RowProblem.NONE;
        keyStart = -1;
        keyEnd = -1;
        keyQuoted = false;
        keyHasDoubledQuotes = false;
        rowChanged = false;
        boolean more = true;
        while (more) {
            keyOpen = fields == wantedColumn;
            if (keyOpen) {
                keyStart = position;
            }
            if ((position < filled || refill()) && buffer[position] == '"') {
                fieldBlank = false;
                more = scanQuotedField();
            } else {
                fieldBlank = skipBlanks();
                more = scanUnquotedField();
            }
            fields++;
            if (!fieldBlank) {
                usedFields = fields;
            }
        }
        rowPending = false;
    }

    /** Skips blanks, and says whether there is nothing else in the field. */
    private boolean skipBlanks() throws IOException {
        while (position < filled || refill()) {
            byte b = buffer[position];
            if (isSeparator(b)) {
                return true;
            }
            if (b != ' ' && b != '\t' && b != '\f' && b != VERTICAL_TAB) {
                return false;
            }
            position++;
        }
        return true;
    }

    private boolean scanUnquotedField() throws IOException {
        while (true) {
            position = ByteSearch.endOfField(buffer, position, filled, separators);
            if (position < filled) {
                return endField();
            }
            if (!refill()) {
                closeKey();
                return false;
            }
        }
    }

    private boolean scanQuotedField() throws IOException {
        byte[] bytes = buffer;
        boolean keyField = keyOpen;
        position++;
        if (keyField) {
            keyQuoted = true;
        }
        while (true) {
            int at = position;
            int end = filled;
            while (at < end && bytes[at] != '"') {
                if (bytes[at] == '\n') {
                    newlines++;
                }
                at++;
            }
            position = at;
            if (at == end) {
                if (refill()) {
                    continue;
                }
                closeKey();
                raise(RowProblem.OPEN_QUOTE);
                return false;
            }
            position++;
            if (position == filled && !refill()) {
                closeKey();
                return false;
            }
            byte after = bytes[position];
            if (after == '"') {
                position++;
                keyHasDoubledQuotes |= keyField;
            } else if (isSeparator(after)) {
                return endField();
            } else {
                raise(RowProblem.TEXT_AFTER_QUOTE);
                return scanUnquotedField();
            }
        }
    }

    /** At the separator or newline after a field. Says whether the row goes on. */
    private boolean endField() throws IOException {
        closeKey();
        byte end = buffer[position++];
        if (end == separator) {
            return true;
        }
        if (end == '\n') {
            newlines++;
        } else {
            endLineAfterCarriageReturn();
        }
        return false;
    }

    private void endLineAfterCarriageReturn() throws IOException {
        newlines++;
        if ((position < filled || refill()) && buffer[position] == '\n') {
            position++;
        }
    }

    private void closeKey() {
        if (keyOpen) {
            keyOpen = false;
            keyEnd = position;
            if (keyEnd - keyStart > LONGEST_KEY) {
                dropKey();
            }
        }
    }

    private void dropKey() {
        raise(RowProblem.KEY_TOO_LONG);
        keyOpen = false;
        keyStart = -1;
        keyEnd = -1;
    }

    /** Keeps the gravest problem, so that what is said doesn't depend on where the window was moved. */
    private void raise(RowProblem found) {
        if (found.compareTo(problem) > 0) {
            problem = found;
        }
    }

    /** Slides the window on, keeping the key of the row under way. False at the end of what may be read. */
    private boolean refill() throws IOException {
        if (sourceEnded) {
            return false;
        }
        if (rowPending && keyOpen && position - keyStart > 2 * LONGEST_KEY) {
            dropKey();
        }
        int kept = 0;
        if (rowPending && keyStart >= 0) {
            kept = (keyOpen ? position : keyEnd) - keyStart;
            System.arraycopy(buffer, keyStart, buffer, 0, kept);
            keyStart = 0;
            keyEnd = keyOpen ? -1 : kept;
        }
        // Behind the key follows the next byte of the file, so base is where buffer[0] would be if there were nothing
        // between.
        base += position - kept;
        position = kept;
        filled = kept;
        int room = (int) Math.min(buffer.length - BEHIND_WINDOW - kept, mostRead - base - kept);
        int count = room <= 0 ? -1 : source.read(base + kept, buffer, kept, room);
        if (count < 0) {
            sourceEnded = true;
            return false;
        }
        filled = kept + count;
        System.arraycopy(SENTINELS, 0, buffer, filled, SENTINELS.length);
        return true;
    }

    /** Whether the first byte seems to be in a quoted field; to be asked before anything else. */
    boolean startsInQuotes() throws IOException {
        return refill() && new QuoteGuess(buffer, filled, separator).startsInQuotes();
    }

    private boolean isSeparator(byte b) {
        return b == separator || b == '\n' || b == '\r';
    }

    /** Skips to the first byte after the end of the row under way, if it ends before {@code stopAt}. */
    boolean skipPartialRow(boolean inQuotes, long stopAt) throws IOException {
        boolean quoted = inQuotes;
        while (position < filled || refill()) {
            if (base + position >= stopAt) {
                return false;
            }
            byte b = buffer[position++];
            if (b == '"') {
                quoted = !quoted;
            } else if (!quoted && b == '\n') {
                return true;
            } else if (!quoted && b == '\r') {
                endLineAfterCarriageReturn();
                return true;
            }
        }
        return false;
    }

    /** True if the row under way, or the one just returned, was cut by the bound on what may be read. */
    boolean cutShort() {
        return sourceEnded && base + filled >= mostRead && mostRead < source.length();
    }

    /** Where the next row would start. */
    long offset() {
        return base + position;
    }

    long rowStart() {
        return rowStart;
    }

    /** Line ends passed before the row. */
    long newlinesBeforeRow() {
        return newlinesBeforeRow;
    }

    int fields() {
        return fields;
    }

    /** How many fields there are up to the last one that isn't blank. */
    int usedFields() {
        return usedFields;
    }

    /** The row just returned, read again if it is no longer in the window. */
    byte[] row() throws IOException {
        int length = (int) (offset() - rowStart);
        if (base <= rowStart && !rowChanged) {
            return Arrays.copyOfRange(buffer, (int) (rowStart - base), (int) (rowStart - base) + length);
        }
        byte[] row = new byte[length];
        BlockCounter.readFully(source, rowStart, row, length);
        return row;
    }

    RowProblem problem() {
        return problem;
    }

    /** Line ends passed since the start. */
    long newlines() {
        return newlines;
    }

    byte[] keyBytes() {
        return buffer;
    }

    /** Start of the key in {@link #keyBytes()}, inside its quotes. */
    int keyStart() {
        return keyQuoted ? keyStart + 1 : keyStart;
    }

    /** End of the key in {@link #keyBytes()}, inside its quotes; doubled quotes are made single by this call. */
    int keyEnd() {
        if (!keyQuoted) {
            return keyEnd;
        }
        int end = keyEnd - 1;
        if (!keyHasDoubledQuotes) {
            return end;
        }
        int to = keyStart + 1;
        for (int from = keyStart + 1; from < end; from++) {
            buffer[to++] = buffer[from];
            if (buffer[from] == '"') {
                from++;
            }
        }
        keyHasDoubledQuotes = false;
        rowChanged = true;
        keyEnd = to + 1;
        return to;
    }
}
