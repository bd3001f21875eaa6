package io.bucketbrigade.csv;

import java.util.regex.Pattern;

/**
 * A row that was left out.
 *
 * @param file name of the file it stands in
 * @param line line where it starts, from 1
 * @param reason why, in words
 * @param text the row's first {@value #TEXT_BYTES} bytes, as UTF-8 or else as Windows-1252; where a parser had taken it apart,
 *     the fields that are used
 */
public record Rejected(String file, long line, String reason, String text) {

    /** How many bytes of a rejected row are kept. */
    public static final int TEXT_BYTES = 1000;

    /** Without the quotes in which other reasons show what a field holds. */
    private static final Pattern CONSEQUENCE = Pattern.compile("\\w+: [^']+ was rejected in [^']+");

    /**
     * The reason of a row that falls only because a row it refers to was rejected.
     *
     * @param column the column that refers to it
     * @param referred what it refers to, such as {@code order 1}
     * @param place where that row was rejected: the file, and the line where it is known
     */
    public static String becauseOf(String column, String referred, String place) {
        return column + ": " + referred + " was rejected in " + place;
    }

    /** Whether the row fell only because a row it refers to was rejected, as {@link #becauseOf} words it. */
    public static boolean isConsequence(String reason) {
        return CONSEQUENCE.matcher(reason).matches();
    }

    Rejected movedBy(long lines) {
        return new Rejected(file, line + lines, reason, text);
    }
}
