package io.bucketbrigade.storage;

import io.bucketbrigade.csv.BytesInMemory;
import io.bucketbrigade.csv.Header;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;

/** A file that arrives, and whose header has the columns that are needed, if any are. */
public final class CheckedUpload extends FilterInputStream {
    private long count;

    private CheckedUpload(InputStream in) {
        super(in);
    }

    /**
     * Reads the header, and returns all bytes, the header's among them.
     *
     * @throws io.bucketbrigade.csv.CsvException if it has no header, or the header is missing a column
     * @throws IOException if it breaks off
     */
    public static CheckedUpload open(String name, List<String> columns, InputStream bytes) throws IOException {
        byte[] start = bytes.readNBytes(Header.LONGEST);
        Header.read(new BytesInMemory(name, start), columns);
        return new CheckedUpload(new SequenceInputStream(new ByteArrayInputStream(start), bytes));
    }

    /** All bytes of a file that needs no header. */
    public static CheckedUpload unchecked(InputStream bytes) {
        return new CheckedUpload(bytes);
    }

    /** How many bytes have been read. */
    public long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        count += one < 0 ? 0 : 1;
        return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        count += Math.max(0, read);
        return read;
    }
}
