package io.bucketbrigade.csv;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A file's rows, with other texts in the place of some, which are known by the line on which they start. */
public final class MendedRows {
    private static final int PIECE = 1 << 16;

    private final ByteSource source;
    private final Header header;
    private final Map<Long, String> texts;
    private final Set<Long> found = new HashSet<>();
    private long rows;
    private long mended;
    private long leftOut;

    /** @param texts the new text of a row by the line on which it starts, from 1; a blank one leaves the row out */
    public MendedRows(ByteSource source, Header header, Map<Long, String> texts) {
        this.source = source;
        this.header = header;
        this.texts = texts;
    }

    /**
     * Writes the header and all rows. The rows that stay are written byte by byte as they are; empty lines go.
     *
     * @throws CsvException if a row that is to be replaced is longer than what was kept of it
     * @throws IOException if it can't be read or written
     */
    public void writeTo(OutputStream out) throws IOException {
        copy(0, header.dataStart(), out);
        RowScanner scanner = new RowScanner(
                source,
                new byte[RowScanner.SMALLEST_BUFFER],
                header.separator(),
                -1,
                header.dataStart(),
                source.length());
        while (scanner.next(Long.MAX_VALUE)) {
            long line = header.dataLine() + scanner.newlinesBeforeRow();
            String text = texts.get(line);
            if (text == null) {
                copy(scanner.rowStart(), scanner.offset(), out);
                rows++;
                continue;
            }
            if (scanner.offset() - scanner.rowStart() > Rejected.TEXT_BYTES && !text.isBlank()) {
                throw new CsvException(
                        source.name(),
                        line,
                        null,
                        "only the beginning of this row is in rejected.csv, so it can't be mended there. Mend it in the file.");
            }
            found.add(line);
            if (text.isBlank()) {
                leftOut++;
            } else {
                out.write((text.stripTrailing() + "\n").getBytes(StandardCharsets.UTF_8));
                mended++;
                rows++;
            }
        }
    }

    private void copy(long from, long to, OutputStream out) throws IOException {
        byte[] piece = new byte[PIECE];
        for (long at = from; at < to; ) {
            int read = source.read(at, piece, 0, (int) Math.min(PIECE, to - at));
            if (read < 0) {
                throw new IOException(source.name() + " became shorter while it was read");
            }
            out.write(piece, 0, read);
            at += read;
        }
    }

    /**
     * Checks that every row that was to be replaced was there.
     *
     * @throws CsvException if no row starts on one of the lines
     */
    public void check() {
        for (long line : texts.keySet()) {
            if (!found.contains(line)) {
                throw new CsvException(
                        source.name(),
                        line,
                        null,
                        "no row starts here, though rejected.csv says so. Was the file changed?");
            }
        }
    }

    /** Rows written, mended ones among them. */
    public long rows() {
        return rows;
    }

    /** Rows written with another text. */
    public long mended() {
        return mended;
    }

    /** Rows not written. */
    public long leftOut() {
        return leftOut;
    }
}
