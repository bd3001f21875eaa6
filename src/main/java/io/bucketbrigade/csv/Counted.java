package io.bucketbrigade.csv;

import java.util.Locale;

/** Numbers with the word for what they count, in the singular where there is one. */
public final class Counted {
    private Counted() {}

    /** {@code 1 row}, {@code 2,000 rows}: of a word whose plural has an s more. */
    public static String of(long number, String one) {
        return of(number, one, one + "s");
    }

    /** {@code 1 company}, {@code 2,000 companies}. */
    public static String of(long number, String one, String many) {
        return number(number) + " " + (number == 1 ? one : many);
    }

    /** {@code 2,000}. */
    public static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
