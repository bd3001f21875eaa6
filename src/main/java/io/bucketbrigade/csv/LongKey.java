package io.bucketbrigade.csv;

/** What a table holds for a key that is not a {@link ShortKey}: a hash of it. */
final class LongKey {
    /** Drawn per process, so that nobody can prepare a file whose keys all collide; odd, so that no bit is lost. */
    static final long MULTIPLIER = (System.nanoTime() * 0x9E3779B97F4A7C15L ^ 0xD1B54A32D192ED03L) | 1;

    private LongKey() {}

    /** A hash of a key's bytes and length that no short key equals. */
    static long tag(byte[] bytes, int start, int end) {
        int length = end - start;
        long hash = length * MULTIPLIER;
        int at = start;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = mix(hash ^ ByteSearch.at(bytes, at));
        }
        long rest = 0;
        if (at < end && length > Long.BYTES) {
            rest = ByteSearch.at(bytes, end - Long.BYTES);
        } else {
            for (; at < end; at++) {
                rest = (rest << 8) | (bytes[at] & 0xFF);
            }
        }
        return ShortKey.neverShort(mix(hash ^ rest));
    }

    private static long mix(long hash) {
        long product = hash * MULTIPLIER;
        return product ^ (product >>> 32);
    }
}
