package io.bucketbrigade.sending;

/** The stream has another log than that of the rows before, and so stored nothing. */
final class AnotherLog extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String log;

    /** @param log what the one is known by that it has */
    AnotherLog(String log) {
        super(log);
        this.log = log;
    }

    String log() {
        return log;
    }
}
