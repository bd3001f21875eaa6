package io.bucketbrigade.runs;

import org.jspecify.annotations.Nullable;

/**
 * What became of one of the many files of a run.
 *
 * @param file its name
 * @param rows rows in it, those rejected among them
 * @param rejected rows of it that were rejected
 * @param skipped why the whole file was skipped, in words; null if it was accepted
 */
public record FileOutcome(
        String file, long rows, long rejected, @Nullable String skipped) {

    /** It is in the result. */
    public static FileOutcome accepted(String file, long rows, long rejected) {
        return new FileOutcome(file, rows, rejected, null);
    }

    /** It is not in the result. */
    public static FileOutcome skipped(String file, String why) {
        return new FileOutcome(file, 0, 0, why);
    }
}
