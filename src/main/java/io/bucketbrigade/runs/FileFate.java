package io.bucketbrigade.runs;

import org.jspecify.annotations.Nullable;

/**
 * What became of one of the many files of a run.
 *
 * @param file its name
 * @param rows rows in it, those rejected among them
 * @param rejected rows of it that were left out
 * @param leftOut why the whole file was left out, in words; null if it was taken
 */
public record FileFate(
        String file, long rows, long rejected, @Nullable String leftOut) {

    /** It is in the result. */
    public static FileFate taken(String file, long rows, long rejected) {
        return new FileFate(file, rows, rejected, null);
    }

    /** It is not in the result. */
    public static FileFate leftOut(String file, String why) {
        return new FileFate(file, 0, 0, why);
    }
}
