package io.bucketbrigade.lake;

import org.jspecify.annotations.Nullable;

/** The cause of a problem with a table that waiting does not solve: a file of it is gone or damaged. */
final class LostFile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LostFile(String what, @Nullable Throwable cause) {
        super(what, cause);
    }
}
