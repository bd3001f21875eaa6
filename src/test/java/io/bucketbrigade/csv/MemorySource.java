package io.bucketbrigade.csv;

import java.nio.charset.StandardCharsets;

/** Bytes in memory, for tests; hands out at most a few bytes at a time if asked to. */
public final class MemorySource implements ByteSource {
    private final BytesInMemory bytes;
    private final int mostPerRead;

    public MemorySource(String name, byte[] bytes, int mostPerRead) {
        this.bytes = new BytesInMemory(name, bytes);
        this.mostPerRead = mostPerRead;
    }

    public static MemorySource of(String text) {
        return new MemorySource("messages.csv", text.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
    }

    @Override
    public String name() {
        return bytes.name();
    }

    @Override
    public long length() {
        return bytes.length();
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) {
        return bytes.read(position, into, offset, Math.min(length, mostPerRead));
    }
}
