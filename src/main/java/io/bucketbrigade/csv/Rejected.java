package io.bucketbrigade.csv;

/**
 * A row that was left out.
 *
 * @param file name of the file it stands in
 * @param line line where it starts, from 1
 * @param reason why, in words
 * @param text the row's first {@value #TEXT_BYTES} bytes, as they stand in the file; where a parser had taken it apart,
 *     the fields that are used
 */
public record Rejected(String file, long line, String reason, String text) {

    /** How many bytes of a rejected row are kept. */
    public static final int TEXT_BYTES = 1000;

    Rejected movedBy(long lines) {
        return new Rejected(file, line + lines, reason, text);
    }
}
