package io.bucketbrigade.streams;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;

/** Rows are for another log than the one that there is. */
final class OtherLog extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String identity;

    private OtherLog(String identity) {
        super(identity);
        this.identity = identity;
    }

    /** Says so to the sender. */
    static Problem refuse(String stream, String identity) {
        return new Problem(
                Kind.CONFLICT,
                "The database here is another one than that to which the rows before these were sent (the log of "
                        + stream
                        + " is not the one in the header Stream-Log), so none of these was stored. Find out which rows are missing here;"
                        + " then send those without that header, or with the one of this answer.",
                new OtherLog(identity));
    }

    /** What the log is known by that there is. */
    String identity() {
        return identity;
    }
}
