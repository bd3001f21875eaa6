package io.bucketbrigade.sending;

/** Rows were stored in another log than those of the file before them, which are missing there. */
final class AnotherLog extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final long rows;

    /**
     * @param rows how many are in the one before
     * @param log what the other one is known by
     */
    AnotherLog(long rows, String log) {
        super(log);
        this.rows = rows;
    }

    long rows() {
        return rows;
    }
}
