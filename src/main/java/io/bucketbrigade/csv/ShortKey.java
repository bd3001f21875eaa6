package io.bucketbrigade.csv;

/** A key of one to eight bytes, none of them zero, in a long: its bytes from the lowest up, then zeros. */
final class ShortKey {
    /** What is not such a key. */
    static final long NONE = 0;

    private ShortKey() {}

    /** The key in these bytes, or {@link #NONE} if it is too long, empty or holds a zero. */
    static long of(byte[] bytes, int start, int end) {
        int length = end - start;
        if (length < 1 || length > Long.BYTES) {
            return NONE;
        }
        long word = 0;
        for (int at = end - 1; at >= start; at--) {
            if (bytes[at] == 0) {
                return NONE;
            }
            word = (word << 8) | (bytes[at] & 0xFF);
        }
        return word;
    }

    /** Whether this is a key; all are but those whose first byte is zero. */
    static boolean isShort(long tag) {
        return (tag & 0xFF) != 0;
    }

    /** Something like it that is not a key, and not {@link #NONE}. */
    static long neverShort(long hash) {
        return (hash & ~0xFFL) | (1L << 63);
    }

    static byte[] bytes(long word) {
        byte[] bytes = new byte[Long.BYTES - Long.numberOfLeadingZeros(word) / Byte.SIZE];
        for (int at = 0; at < bytes.length; at++) {
            bytes[at] = (byte) (word >>> (Byte.SIZE * at));
        }
        return bytes;
    }
}
