package io.bucketbrigade.csv;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The rows of a CSV behind its header, as a stream that any parser can take: rows with a broken quote or with more or
 * fewer fields than the header are left out and remembered. Parsers fail whole files at such rows, or shift and lose
 * fields silently. In the place of a row left out come as many empty lines as it had, so that what the parser calls a line
 * plus {@link #linesBefore()} is the line in the file.
 */
public final class RowGuard extends InputStream {
    /** What is done with a bad row. */
    public enum Policy {
        /** It is left out and remembered. */
        REJECT,
        /** The file can't be taken. */
        FAIL
    }

    private final ByteSource source;
    private final Header header;
    private final Policy policy;
    private final RowScanner scanner;
    private final Rejects rejects;
    private long rows;
    private long newlinesGiven;
    private long newlinesOwed;
    private long rowAt;
    private long rowEnd;

    public RowGuard(ByteSource source, Header header, Policy policy, int mostRejected) {
        this.source = source;
        this.header = header;
        this.policy = policy;
        this.rejects = new Rejects(mostRejected);
        this.scanner =
                new RowScanner(source, new byte[RowScanner.SMALLEST_BUFFER], -1, header.dataStart(), source.length());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /** @throws CsvException at the first bad row, if bad rows are not to be left out */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (newlinesOwed == 0 && rowAt == rowEnd && !nextGoodRow()) {
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

    private boolean nextGoodRow() throws IOException {
        while (scanner.next(Long.MAX_VALUE)) {
            rows++;
            String problem = scanner.problem() != RowProblem.NONE
                    ? scanner.problem().words()
                    : header.fieldsProblem(scanner.fields());
            if (problem == null) {
                newlinesOwed = scanner.newlinesBeforeRow() - newlinesGiven;
                newlinesGiven = scanner.newlines();
                rowAt = scanner.rowStart();
                rowEnd = scanner.offset();
                return true;
            }
            leaveOut(header.dataLine() + scanner.newlinesBeforeRow(), problem);
        }
        return false;
    }

    private void leaveOut(long line, String problem) throws IOException {
        if (policy == Policy.FAIL) {
            throw new CsvException(header.file(), line, null, problem + ".");
        }
        if (rejects.count()) {
            rejects.keep(new Rejected(
                    header.file(), line, problem, BlockCounter.text(source, scanner.rowStart(), scanner.offset())));
        }
    }

    /** Lines in the file before the first line of this stream. */
    public long linesBefore() {
        return header.dataLine() - 1;
    }

    public Header header() {
        return header;
    }

    /** Rows seen so far, those left out among them. */
    public long rows() {
        return rows;
    }

    /** Rows left out so far. Who finds more of them behind this guard adds them here. */
    public Rejects rejects() {
        return rejects;
    }
}
