package io.bucketbrigade.sending;

import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.file.Files;

/** The bytes that a file had when it was read through, counted as they are read; what was appended since is not read. */
final class CountedStream extends FilterInputStream {
    private final long length;
    private long count;

    CountedStream(SentFile file) throws IOException {
        super(Files.newInputStream(file.path()));
        this.length = file.length();
    }

    /** How many bytes were read. */
    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int most) throws IOException {
        int read = count == length ? -1 : super.read(into, offset, (int) Math.min(most, length - count));
        count += Math.max(0, read);
        return read;
    }
}
