package io.bucketbrigade.csv;

/** Days of the calendar as they stand in a file. */
public final class Day {
    /** What is said of a field that is none. */
    public static final String NONE = "is no day such as 2005-02-25";

    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    private static final int LENGTH = 10;

    private Day() {}

    /**
     * Reads a day such as 2005-02-25, from the year 1 to 9999.
     *
     * @return a number that is the day's own, above 0; 0 if there is no such day
     */
    public static int read(byte[] bytes, int start, int end) {
        int year = end - start == LENGTH ? number(bytes, start, 4) : -1;
        int month = year < 0 || bytes[start + 4] != '-' ? -1 : number(bytes, start + 5, 2);
        int day = month < 0 || bytes[start + 7] != '-' ? -1 : number(bytes, start + 8, 2);
        if (year < 1 || month < 1 || month > DAYS.length || day < 1 || day > daysOf(year, month)) {
            return 0;
        }
        return (year * DAYS.length + month) * 32 + day;
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
