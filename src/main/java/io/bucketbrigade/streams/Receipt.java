package io.bucketbrigade.streams;

/**
 * What became of rows that could be used, once it is on the disk.
 *
 * @param accepted how many were stored
 * @param duplicate how many had been stored before, under the same idempotency key
 * @param log what the log is known by that has them, or, if they are in a buffer in front of it, the one that there was when it was asked last
 */
record Receipt(long accepted, long duplicate, String log) {
    static final Receipt NOTHING = new Receipt(0, 0, "");

    Receipt plus(Receipt other) {
        return new Receipt(
                accepted + other.accepted, duplicate + other.duplicate, other.log.isEmpty() ? log : other.log);
    }
}
