package io.bucketbrigade.csv;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Days of the calendar as files hold them. */
public final class Day {
    /** The reason why a field that is not a day is rejected. */
    public static final String NONE = "is not a valid date (YYYY-MM-DD)";

    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    /** A day's length, without a time of day. */
    public static final int LENGTH = 10;

    private static final Pattern MIDNIGHT = Pattern.compile("[ T]00:00(:00(\\.0{1,9})?)?(Z|[+-]00:?00|[+-]00)?");
    private static final int LONGEST_MIDNIGHT = 30;

    private Day() {}

    /**
     * Reads a day such as 2005-02-25, from the year 1 to 9999. Behind it may be midnight, as programs write days that know no
     * other type: {@code 2005-02-25 00:00:00}, {@code 2005-02-25T00:00:00Z}. Only the first {@link #LENGTH} bytes are the day then.
     *
     * @return a number that is the day's own, above 0; 0 if there is no such day
     */
    public static int read(byte[] bytes, int start, int end) {
        int year = isDayAlone(bytes, start, end) ? number(bytes, start, 4) : -1;
        int month = year < 0 || bytes[start + 4] != '-' ? -1 : number(bytes, start + 5, 2);
        int day = month < 0 || bytes[start + 7] != '-' ? -1 : number(bytes, start + 8, 2);
        if (year < 1 || month < 1 || month > DAYS.length || day < 1 || day > daysOf(year, month)) {
            return 0;
        }
        return (year * DAYS.length + month) * 32 + day;
    }

    private static boolean isDayAlone(byte[] bytes, int start, int end) {
        int length = end - start;
        return length == LENGTH
                || (length > LENGTH
                        && length <= LENGTH + LONGEST_MIDNIGHT
                        && MIDNIGHT.matcher(
                                        new String(bytes, start + LENGTH, length - LENGTH, StandardCharsets.ISO_8859_1))
                                .matches());
    }

    private static int daysOf(int year, int month) {
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return month == 2 && leap ? 29 : DAYS[month - 1];
    }

    private static int number(byte[] bytes, int from, int count) {
        int number = 0;
        for (int at = from; at < from + count; at++) {
            if (bytes[at] < '0' || bytes[at] > '9') {
                return -1;
            }
            number = number * 10 + (bytes[at] - '0');
        }
        return number;
    }
}
