package io.bucketbrigade.csv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV behind its header, one after the other, with their fields as text. Rows with a broken quote, with more
 * or fewer fields than the header, longer than {@link #LONGEST}, or that are the header again are rejected and remembered.
 * For files that are read
 * from beginning to end; what a field holds is only decoded when it is asked for, so columns that nobody uses may hold
 * any bytes.
 */
public final class Records {
    /** A row longer than this is rejected, in bytes. */
    static final int LONGEST = 1 << 24;

    private final ByteSource source;
    private final Header header;
    private final Rejects rejects;
    private final RowScanner scanner;
    /** The first column that has a name; it shows which rows may be the header again. */
    private final int namedColumn;

    private final RepeatedHeader repeatedHeader;
    private final int[] starts;
    private final int[] ends;
    private final boolean[] doubledQuotes;
    private byte[] bytes = {};
    private @Nullable String problem;
    private boolean hasFields;
    private long openQuoteLine;
    private long rows;
    private long longerRows;
    private long windows1252;
    private long lastWindows1252;

    /**
     * From a row in the middle.
     *
     * @param from where it starts
     * @param mostRejected how many rejected rows are kept with their text; all are counted
     */
    public Records(ByteSource source, Header header, RowIndex.Mark from, int mostRejected) {
        this(source, header.from(from.offset(), from.line()), mostRejected);
    }

    /** @param mostRejected how many rejected rows are kept with their text; all are counted */
    public Records(ByteSource source, Header header, int mostRejected) {
        this.source = source;
        this.header = header;
        this.rejects = new Rejects(mostRejected);
        this.scanner = new RowScanner(
                source,
                new byte[RowScanner.SMALLEST_BUFFER],
                header.separator(),
                -1,
                header.dataStart(),
                source.length());
        int columns = header.columns().size();
        int named = 0;
        while (named < columns - 1
                && Header.plainName(header.columns().get(named)).isEmpty()) {
            named++;
        }
        this.namedColumn = named;
        this.repeatedHeader = new RepeatedHeader(header, named);
        this.starts = new int[columns];
        this.ends = new int[columns];
        this.doubledQuotes = new boolean[columns];
    }

    /**
     * Moves to the next row that can be accepted; false if there is none.
     *
     * @throws IOException if it can't be read
     */
    public boolean next() throws IOException {
        while (nextOfAnyKind()) {
            if (problem == null) {
                return true;
            }
            reject(problem);
        }
        return false;
    }

    private boolean isHeaderAgain() {
        int start = starts[namedColumn];
        int end = ends[namedColumn];
        if (!repeatedHeader.mayBeName(bytes, start, end)
                || !repeatedHeader.isName(Blanks.stripId(decoded(namedColumn).toString()))) {
            return false;
        }
        List<String> fields = new ArrayList<>();
        for (int column = 0; column < starts.length; column++) {
            fields.add(Blanks.stripId(decoded(column).toString()));
        }
        return repeatedHeader.isHeader(fields);
    }

    /**
     * Moves to the next row, be it broken; false if there is none. Whoever calls this rejects the rows that have a
     * {@link #problem}.
     *
     * @throws IOException if it can't be read
     */
    public boolean nextOfAnyKind() throws IOException {
        if (!scanner.next(Long.MAX_VALUE)) {
            return false;
        }
        rows++;
        boolean openQuote = scanner.problem() == RowProblem.OPEN_QUOTE;
        if (openQuote) {
            openQuoteLine = line();
        }
        boolean tooLong = scanner.offset() - scanner.rowStart() > LONGEST;
        problem = header.problem(scanner);
        if (problem == null && tooLong) {
            problem = "the row is longer than " + LONGEST + " bytes";
        }
        hasFields = !openQuote && !tooLong;
        if (hasFields) {
            split();
        }
        if (problem == null && isHeaderAgain()) {
            problem = Header.REPEATED;
        }
        longerRows += problem == null && scanner.fields() > starts.length ? 1 : 0;
        return true;
    }

    /** Why the row can't be used whatever its fields hold; null if it can. */
    public @Nullable String problem() {
        return problem;
    }

    /**
     * Whether a field of the row is surely the one of that column. In a row with too many or too few fields only the first is:
     * nobody knows where a field got lost or came in.
     */
    public boolean isSure(int column) {
        return hasFields && (column == 0 || header.fieldsProblem(scanner.fields(), scanner.usedFields()) == null);
    }

    private void split() throws IOException {
        long beforeWindow = scanner.base - scanner.rowStart();
        int at;
        if (beforeWindow <= 0) {
            bytes = scanner.buffer;
            at = (int) -beforeWindow;
        } else {
            int length = (int) (scanner.offset() - scanner.rowStart());
            bytes = new byte[length + Long.BYTES];
            BlockCounter.readFully(source, scanner.rowStart(), bytes, length);
            at = 0;
        }
        int end = at + (int) (scanner.offset() - scanner.rowStart());
        for (int column = 0; column < starts.length; column++) {
            at = at < end && bytes[at] == '"' ? splitQuoted(column, at, end) : splitUnquoted(column, at, end);
        }
    }

    private int splitUnquoted(int column, int from, int end) {
        int at = ByteSearch.endOfField(bytes, from, end, scanner.separators);
        starts[column] = from;
        ends[column] = at;
        doubledQuotes[column] = false;
        return at + 1;
    }

    private int splitQuoted(int column, int from, int end) {
        doubledQuotes[column] = false;
        int at = from + 1;
        while (bytes[at] != '"' || (at + 1 < end && bytes[at + 1] == '"')) {
            if (bytes[at] == '"') {
                doubledQuotes[column] = true;
                at++;
            }
            at++;
        }
        starts[column] = from + 1;
        ends[column] = at++;
        while (at < end && bytes[at] != scanner.separator && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
        return at + 1;
    }

    /**
     * A field of the row. Where it isn't UTF-8 it is read as Windows-1252, which is remembered.
     *
     * @param column the column's index
     */
    public String text(int column) {
        Text text = decoded(column);
        if (text.isWindows1252() && lastWindows1252 != rows) {
            lastWindows1252 = rows;
            windows1252++;
        }
        return doubledQuotes[column] ? text.toString().replace("\"\"", "\"") : text.toString();
    }

    private Text decoded(int column) {
        return Text.of(bytes, starts[column], ends[column]);
    }

    /**
     * Whether a field's bytes are its text and need no second look: ASCII without zeros and doubled quotes, not empty, and no
     * blank at its ends. Most fields are so, and for millions of them it pays not to make text of each.
     */
    public boolean isPlain(int column) {
        return !doubledQuotes[column] && Blanks.isPlain(bytes, starts[column], ends[column]);
    }

    /** The buffer that holds the fields of this row, until the next row. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where a field starts in {@link #bytes}, inside its quotes. */
    public int start(int column) {
        return starts[column];
    }

    /** Where a field ends in {@link #bytes}, inside its quotes. */
    public int end(int column) {
        return ends[column];
    }

    /** Whether a field is written in quotes. */
    public boolean isQuoted(int column) {
        return starts[column] > 0 && bytes[starts[column] - 1] == '"';
    }

    /**
     * Whether any reader that keeps blanks finds the same fields in the bytes of the row: ASCII without carriage returns and zeros, and with quotes only around fields, or doubled
     * within these.
     */
    public boolean isUnambiguous() {
        int end = ends[ends.length - 1];
        if (!ByteSearch.isPlain(bytes, starts[0], end)) {
            return false;
        }
        if (ByteSearch.hasQuote(bytes, Math.max(0, starts[0] - 1), end)) {
            for (int column = 0; column < starts.length; column++) {
                if (!isQuoted(column) && ByteSearch.hasQuote(bytes, starts[column], ends[column])) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The line on which the row starts, from 1. */
    public long line() {
        return header.dataLine() + scanner.newlinesBeforeRow();
    }

    /**
     * Leaves the row out.
     *
     * @throws IOException if its text can't be read again
     */
    public void reject(String reason) throws IOException {
        reject(reason, rejects);
    }

    /**
     * Leaves the row out, counted elsewhere than among {@link #rejects}.
     *
     * @throws IOException if its text can't be read again
     */
    public void reject(String reason, Rejects into) throws IOException {
        if (into.count()) {
            String text = BlockCounter.text(source, scanner.rowStart(), scanner.offset());
            into.keep(new Rejected(header.file(), line(), reason, text));
        }
    }

    public Header header() {
        return header;
    }

    /** What is worth saying of how the file was read so far, each with a number of rows. */
    public Map<String, Long> remarks() {
        return remarks(header.file());
    }

    /**
     * The same for one of many files.
     *
     * @param whose what the rows are said to be of
     */
    public Map<String, Long> remarks(String whose) {
        return header.remarks(whose, rows, longerRows, windows1252, scanner.linesWithoutValue);
    }

    /** Rows seen so far, those rejected among them. */
    public long rows() {
        return rows;
    }

    /** The line of the row whose quote is never closed, which swallowed the rest of the file; 0 if there is none. */
    public long openQuoteLine() {
        return openQuoteLine;
    }

    /** Rows rejected so far. */
    public Rejects rejects() {
        return rejects;
    }
}
