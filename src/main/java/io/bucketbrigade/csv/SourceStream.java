package io.bucketbrigade.csv;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of a source, one after the other. Closing it doesn't close the source. */
public final class SourceStream extends InputStream {
    private final ByteSource source;
    private long position;

    public SourceStream(ByteSource source) {
        this.source = source;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = source.read(position, into, offset, length);
        position += Math.max(0, read);
        return read;
    }
}
