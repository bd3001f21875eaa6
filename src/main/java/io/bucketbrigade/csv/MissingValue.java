package io.bucketbrigade.csv;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** What programs write where they have no value: pandas, R, NumPy, databases. */
public final class MissingValue {
    private static final int SHORTEST = 2;
    private static final int LONGEST = 4;
    private static final Set<String> WORDS = Set.of("NaN", "nan", "NaT", "NULL", "null", "\\N", "None");

    private MissingValue() {}

    /** Whether a field without outer blanks is such a word. */
    public static boolean is(byte[] bytes, int start, int end) {
        int length = end - start;
        return length >= SHORTEST
                && length <= LONGEST
                && mayBegin(bytes[start])
                && WORDS.contains(new String(bytes, start, length, StandardCharsets.ISO_8859_1));
    }

    /** Whether a text without outer blanks is such a word. */
    public static boolean is(String text) {
        return WORDS.contains(text);
    }

    /** Why a row is rejected that needs a value in that column. */
    public static String reason(String column, String word) {
        return column + " is '" + word + "', which stands for a missing value";
    }

    /** Whether such a word may begin with that byte. */
    static boolean mayBegin(byte first) {
        return first == 'N' || first == 'n' || first == '\\';
    }
}
