package io.bucketbrigade.lambda;

import io.bucketbrigade.problems.Problems;

/** The inputs are not at fault, so Lambda must call again. Without a stack trace, because Lambda writes all of it into the log. */
final class TransientFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param sentence what is wrong, and what to do */
    TransientFault(String sentence) {
        super(sentence, null, false, false);
    }

    /** The same fault in words. */
    static TransientFault of(Exception thrown) {
        return thrown instanceof TransientFault fault
                ? fault
                : new TransientFault(Problems.of(thrown).sentence());
    }
}
