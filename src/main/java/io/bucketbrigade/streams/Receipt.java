package io.bucketbrigade.streams;

/**
 * What became of rows that could be used, once it is on the disk.
 *
 * @param accepted how many were stored
 * @param duplicate how many had been stored before, under the same idempotency key
 */
record Receipt(long accepted, long duplicate) {
    static final Receipt NOTHING = new Receipt(0, 0);

    Receipt plus(Receipt other) {
        return new Receipt(accepted + other.accepted, duplicate + other.duplicate);
    }
}
