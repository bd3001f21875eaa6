package io.bucketbrigade.csv;

import java.nio.charset.StandardCharsets;

/** Bytes in memory, for tests; hands out at most a few bytes at a time if asked to. */
public final class MemorySource implements ByteSource {
    private final String name;
    private final byte[] bytes;
    private final int mostPerRead;

    public MemorySource(String name, byte[] bytes, int mostPerRead) {
        this.name = name;
        this.bytes = bytes;
        this.mostPerRead = mostPerRead;
    }

    public static MemorySource of(String text) {
        return new MemorySource("messages.csv", text.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) {
        if (position >= bytes.length) {
            return -1;
        }
        int count = Math.min(Math.min(length, mostPerRead), bytes.length - (int) position);
        System.arraycopy(bytes, (int) position, into, offset, count);
        return count;
    }
}
