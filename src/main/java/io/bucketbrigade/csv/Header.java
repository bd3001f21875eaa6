package io.bucketbrigade.csv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The first row of a CSV file: which columns there are, and where the data starts.
 *
 * @param file the file's name
 * @param columns the names as they stand there, without quotes and outer blanks
 * @param line the line on which it starts, from 1
 * @param dataStart where the first row after the header starts, in bytes
 * @param dataLine the line on which it starts, from 1
 */
public record Header(String file, List<String> columns, long line, long dataStart, long dataLine) {
    /** A header longer than this is none, in bytes. */
    public static final int LONGEST = 1 << 20;

    /** A UTF-8 byte order mark at the beginning belongs to no column; its length in bytes, or 0. */
    static int byteOrderMark(byte[] bytes, int length) {
        boolean marked = length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        return marked ? 3 : 0;
    }

    /**
     * Reads the header.
     *
     * @throws CsvException if the file is empty, or its first row is no header
     * @throws IOException if it can't be read
     */
    public static Header read(ByteSource source) throws IOException {
        byte[] start = new byte[(int) Math.min(LONGEST, source.length())];
        int length = BlockCounter.readFully(source, 0, start, start.length);
        String foreign = ForeignFormat.of(start, length);
        if (foreign != null) {
            throw new CsvException(source.name(), 0, null, foreign);
        }
        int mark = byteOrderMark(start, length);
        RowScanner scanner = new RowScanner(
                source,
                new byte[RowScanner.SMALLEST_BUFFER],
                -1,
                mark,
                Math.min(source.length(), mark + (long) LONGEST));
        if (!scanner.next(Long.MAX_VALUE)) {
            throw new CsvException(
                    source.name(), 0, null, "the file is empty. It needs a header with the names of its columns.");
        }
        if (scanner.cutShort() || scanner.problem() != RowProblem.NONE) {
            throw new CsvException(source.name(), 1, null, "the first row is no header with the names of the columns.");
        }
        int rowStart = (int) scanner.rowStart();
        int rowEnd = (int) Math.min(scanner.offset(), length);
        String text = Utf8.decode(start, rowStart, rowEnd);
        if (text == null || text.indexOf('\0') >= 0) {
            throw new CsvException(
                    source.name(), 1, null, "the header is not UTF-8 text. Save the file as CSV in UTF-8.");
        }
        return new Header(
                source.name(), split(text), 1 + scanner.newlinesBeforeRow(), scanner.offset(), 1 + scanner.newlines());
    }

    private static List<String> split(String row) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        for (int at = 0; at < row.length(); at++) {
            char c = row.charAt(at);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == ',') {
                names.add(name.toString().strip());
                name.setLength(0);
            } else {
                name.append(c);
            }
        }
        names.add(name.toString().strip());
        return List.copyOf(names);
    }

    /**
     * The index of a column, in any letter case.
     *
     * @throws CsvException if there is no such column, or more than one
     */
    public int index(String column) {
        int found = -1;
        for (int at = 0; at < columns.size(); at++) {
            if (columns.get(at).toLowerCase(Locale.ROOT).equals(column)) {
                if (found >= 0) {
                    throw new CsvException(
                            file, line, column, "there are two columns of this name. Rename or remove one of them.");
                }
                found = at;
            }
        }
        if (found < 0) {
            throw new CsvException(
                    file,
                    line,
                    column,
                    "this column is missing; the header has: " + shorten(String.join(", ", columns)) + ".");
        }
        return found;
    }

    private static String shorten(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    /** Why a row with that many fields can't be taken; null if it can. */
    public @Nullable String fieldsProblem(int fields) {
        if (fields == columns.size()) {
            return null;
        }
        return fields + (fields == 1 ? " field" : " fields") + " where the header has " + columns.size();
    }
}
