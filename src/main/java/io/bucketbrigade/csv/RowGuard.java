package io.bucketbrigade.csv;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The rows of a CSV behind its header, as a stream that any parser can take, up to the first row with a broken quote or with
 * more or fewer fields than the header: parsers shift and lose fields of such rows silently. Empty lines, which are not rows
 * here, are passed on as they are, so that what the parser calls a line plus {@link #linesBefore()} is the line in the file.
 */
public final class RowGuard extends InputStream {
    private final ByteSource source;
    private final Header header;
    private final RowScanner scanner;
    private long rows;
    private long newlinesGiven;
    private long newlinesOwed;
    private long rowAt;
    private long rowEnd;

    public RowGuard(ByteSource source, Header header) {
        this.source = source;
        this.header = header;
        this.scanner = new RowScanner(
                source,
                new byte[RowScanner.SMALLEST_BUFFER],
                header.separator(),
                -1,
                header.dataStart(),
                source.length());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /** @throws CsvException at the first bad row */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (newlinesOwed == 0 && rowAt == rowEnd && !nextRow()) {
            return -1;
        }
        if (newlinesOwed > 0) {
            int count = (int) Math.min(newlinesOwed, length);
            Arrays.fill(into, offset, offset + count, (byte) '\n');
            newlinesOwed -= count;
            return count;
        }
        int count = source.read(rowAt, into, offset, (int) Math.min(length, rowEnd - rowAt));
        if (count < 0) {
            throw new IOException(source.name() + " became shorter while it was read");
        }
        rowAt += count;
        return count;
    }

    private boolean nextRow() throws IOException {
        if (!scanner.next(Long.MAX_VALUE)) {
            return false;
        }
        rows++;
        String problem = scanner.problem() != RowProblem.NONE
                ? scanner.problem().words()
                : header.fieldsProblem(scanner.fields(), scanner.fields());
        if (problem != null) {
            throw new CsvException(header.file(), header.dataLine() + scanner.newlinesBeforeRow(), null, problem + ".");
        }
        newlinesOwed = scanner.newlinesBeforeRow() - newlinesGiven;
        newlinesGiven = scanner.newlines();
        rowAt = scanner.rowStart();
        rowEnd = scanner.offset();
        return true;
    }

    /** Lines in the file before the first line of this stream. */
    public long linesBefore() {
        return header.dataLine() - 1;
    }

    public Header header() {
        return header;
    }

    /** Rows seen so far. */
    public long rows() {
        return rows;
    }
}
