package io.bucketbrigade.csv;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A row that was rejected; or, at the end of a list, all further ones of a file, without a line.
 *
 * @param file name of the file it is in
 * @param line line where it starts, from 1; 0 for further ones
 * @param reason why, in words
 * @param text the row's first {@value #TEXT_BYTES} bytes, as UTF-8 or else as Windows-1252; where a parser had split it,
 *     the fields that are used
 */
public record Rejected(String file, long line, String reason, String text) {

    /** How many bytes of a rejected row are kept. */
    public static final int TEXT_BYTES = 1000;

    /** Without the quotes in which other reasons show what a field holds. */
    private static final Pattern CONSEQUENCE = Pattern.compile("\\w+: [^']+ was rejected in [^']+");

    private static final String NOT_LISTED = " rejected, not listed here";
    private static final Pattern FURTHER = Pattern.compile("([0-9]{1,18}) further rows?" + NOT_LISTED);

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

    /**
     * The first rows of a file that were rejected; behind them, if there were more, one entry that says how many.
     *
     * @param all how many rows of the file were rejected
     */
    public static List<Rejected> listed(String file, long all, List<Rejected> first) {
        long further = all - first.size();
        if (further == 0) {
            return first;
        }
        List<Rejected> listed = new ArrayList<>(first);
        listed.add(new Rejected(file, 0, further + (further == 1 ? " further row" : " further rows") + NOT_LISTED, ""));
        return listed;
    }

    /** How many further rows of its file an entry counts, as {@link #listed} words it; 0 if it is a row. */
    public static long further(String reason) {
        Matcher further = FURTHER.matcher(reason);
        return further.matches() ? Long.parseLong(further.group(1)) : 0;
    }

    /** Where it is: the file, and the line if there is one. */
    public String place() {
        return line > 0 ? file + ", line " + line : file;
    }

    Rejected movedBy(long lines) {
        return new Rejected(file, line + lines, reason, text);
    }
}
