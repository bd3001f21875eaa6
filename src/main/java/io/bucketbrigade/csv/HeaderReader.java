package io.bucketbrigade.csv;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the header of a file, and what separates its columns. */
final class HeaderReader {
    /** The first line that names the separator to Excel. */
    private static final Pattern SEPARATOR_LINE = Pattern.compile("\"?sep=(.)\"?\\s*", Pattern.CASE_INSENSITIVE);

    private static final Pattern NOT_IN_TEXT = Pattern.compile("[\\p{Cntrl}\uFFFD&&[^\\t\\r\\n]]");

    private final ByteSource source;
    private final byte[] start;
    private final int length;
    private final int mark;
    private final byte[] buffer = new byte[RowScanner.SMALLEST_BUFFER];

    private HeaderReader(ByteSource source, byte[] start, int length) {
        this.source = source;
        this.start = start;
        this.length = length;
        this.mark = byteOrderMark(start, length);
    }

    /** A UTF-8 byte order mark at the beginning belongs to no column; its length in bytes, or 0. */
    private static int byteOrderMark(byte[] bytes, int length) {
        boolean marked = length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        return marked ? 3 : 0;
    }

    static Header read(ByteSource source, List<String> needed) throws IOException {
        byte[] start = new byte[(int) Math.min(Header.LONGEST, source.length())];
        int length = BlockCounter.readFully(source, 0, start, start.length);
        String foreign = ForeignFormat.of(start, length);
        if (foreign != null) {
            throw new CsvException(source.name(), 0, null, foreign);
        }
        return new HeaderReader(source, start, length).read(needed);
    }

    private Header read(List<String> needed) throws IOException {
        Header best = null;
        @Nullable CsvException refused = null;
        for (Separator separator : Separator.values()) {
            try {
                Header header = read(separator, needed);
                if (header.separator() != separator || (!needed.isEmpty() && header.has(needed) == needed.size())) {
                    return header;
                }
                if (best == null || isBetter(header, best, needed)) {
                    best = header;
                }
            } catch (CsvException noHeader) {
                refused = refused == null ? noHeader : refused;
            }
        }
        if (best == null && refused != null) {
            throw refused;
        }
        return Objects.requireNonNull(best);
    }

    private static boolean isBetter(Header header, Header other, List<String> needed) {
        long more = header.has(needed) - other.has(needed);
        return more > 0
                || (more == 0 && header.columns().size() > other.columns().size());
    }

    /** Reads the first row as a header with that separator, or with the one that a line before it names. */
    private Header read(Separator separator, List<String> needed) throws IOException {
        RowScanner scanner = new RowScanner(
                source, buffer, separator, -1, mark, Math.min(source.length(), mark + (long) Header.LONGEST));
        String row = next(scanner, 1);
        Matcher named = SEPARATOR_LINE.matcher(row);
        if (named.matches()) {
            return readNamed(scanner, named.group(1).charAt(0), needed);
        }
        return header(scanner, separator, row);
    }

    /** Reads the header behind a line that names the separator, and checks that the two agree. */
    private Header readNamed(RowScanner separatorLine, char symbol, List<String> needed) throws IOException {
        Separator separator = Separator.of(symbol);
        Header named = separator == null ? null : headerBehind(separatorLine, separator);
        for (Separator other : Separator.values()) {
            Header header = headerBehind(separatorLine, other);
            if (header != null && isMeant(header, named, needed)) {
                throw new CsvException(
                        source.name(),
                        header.line(),
                        null,
                        "line " + (1 + separatorLine.newlinesBeforeRow()) + " says sep=" + symbol
                                + " but this header is " + other.words()
                                + ". Remove that line, or name the separator of the header in it.");
            }
        }
        if (separator == null) {
            throw new CsvException(
                    source.name(),
                    1 + separatorLine.newlinesBeforeRow(),
                    null,
                    "'" + symbol + "' is not a supported separator. Use comma, semicolon, tab or pipe.");
        }
        return named != null ? named : readBehind(separatorLine, separator);
    }

    private static boolean isMeant(Header header, @Nullable Header named, List<String> needed) {
        return needed.isEmpty()
                ? header.columns().size() > 1
                        && (named == null || named.columns().size() == 1)
                : header.has(needed) > (named == null ? 0 : named.has(needed));
    }

    private @Nullable Header headerBehind(RowScanner separatorLine, Separator separator) throws IOException {
        try {
            return readBehind(separatorLine, separator);
        } catch (CsvException noHeader) {
            return null;
        }
    }

    private Header readBehind(RowScanner separatorLine, Separator separator) throws IOException {
        long line = 1 + separatorLine.newlines();
        RowScanner scanner = new RowScanner(
                source,
                buffer,
                separator,
                -1,
                separatorLine.offset(),
                Math.min(source.length(), mark + (long) Header.LONGEST));
        Header header = header(scanner, separator, next(scanner, line));
        return new Header(
                header.file(),
                separator,
                header.columns(),
                header.line() + line - 1,
                header.dataStart(),
                header.dataLine() + line - 1);
    }

    private Header header(RowScanner scanner, Separator separator, String row) {
        return new Header(
                source.name(),
                separator,
                Header.split(row, separator),
                1 + scanner.newlinesBeforeRow(),
                scanner.offset(),
                1 + scanner.newlines());
    }

    /** The next row without its line end. The scanner began on that line, from 1. */
    private String next(RowScanner scanner, long before) throws IOException {
        if (!scanner.next(Long.MAX_VALUE)) {
            throw new CsvException(
                    source.name(), 0, null, "the file is empty. It needs a header with the names of its columns.");
        }
        if (scanner.cutShort() || scanner.problem() != RowProblem.NONE) {
            throw new CsvException(
                    source.name(),
                    before + scanner.newlinesBeforeRow(),
                    null,
                    "the first row is not a header. Put the names of the columns there.");
        }
        int end = (int) Math.min(scanner.offset(), length);
        Text text = Text.of(start, (int) scanner.rowStart(), end);
        String row = text.toString();
        if (row.indexOf('\0') >= 0
                || (text.isWindows1252() && NOT_IN_TEXT.matcher(row).find())) {
            throw new CsvException(
                    source.name(),
                    before + scanner.newlinesBeforeRow(),
                    null,
                    "the header is not text. Save the file as CSV in UTF-8.");
        }
        return row.replaceAll("[\\r\\n]+$", "");
    }
}
