package io.bucketbrigade.csv;

/** Bytes that are in memory already. */
public final class BytesInMemory implements ByteSource {
    private final String name;
    private final byte[] bytes;

    /** @param name what people call it */
    public BytesInMemory(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
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
    public int read(long position, byte[] into, int offset, int wanted) {
        int count = (int) Math.min(wanted, bytes.length - position);
        if (count <= 0) {
            return -1;
        }
        System.arraycopy(bytes, (int) position, into, offset, count);
        return count;
    }
}
