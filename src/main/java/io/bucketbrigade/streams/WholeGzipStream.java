package io.bucketbrigade.streams;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Unpacks gzip of one or several members. The JDK takes a member whose header is damaged or cut for the end of the file, and says nothing. */
final class WholeGzipStream extends GZIPInputStream {
    private static final int TRAILER = 8;

    private final long most;
    private final Supplier<? extends RuntimeException> tooLarge;
    private long unpacked;

    WholeGzipStream(InputStream in, int buffer) throws IOException {
        this(in, buffer, Long.MAX_VALUE, IllegalStateException::new);
    }

    /**
     * @param most how many bytes it may hold, unpacked
     * @param tooLarge is thrown when they are more
     */
    WholeGzipStream(InputStream in, int buffer, long most, Supplier<? extends RuntimeException> tooLarge)
            throws IOException {
        super(in, buffer);
        this.most = most;
        this.tooLarge = tooLarge;
    }

    /** @throws ZipException if the file goes on behind what can be unpacked */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = super.read(into, offset, length);
        if (count < 0 && (inf.getRemaining() > TRAILER || in.read() >= 0)) {
            throw new ZipException("the file goes on behind what can be unpacked");
        }
        unpacked += Math.max(0, count);
        if (unpacked > most) {
            throw tooLarge.get();
        }
        return count;
    }
}
