package io.bucketbrigade.csv;

/** Blanks of any kind around a text: spaces, tabs, line ends, no-break spaces and all other spaces of Unicode. */
public final class Blanks {
    private static final byte NO_BREAK_SPACE = (byte) 0xA0;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private Blanks() {}

    /** Whether bytes are ASCII without zeros, and have no blanks around them; empty ones are not plain. */
    static boolean isPlain(byte[] bytes, int start, int end) {
        if (start == end || bytes[start] <= ' ' || bytes[end - 1] <= ' ') {
            return false;
        }
        for (int at = start; at < end; at++) {
            if (bytes[at] <= 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether a character is a blank. */
    public static boolean isBlank(char c) {
        return (c >= '\t' && c <= '\r') || Character.isSpaceChar(c) || c == BYTE_ORDER_MARK;
    }

    /** Where a field starts behind its blanks; its end if there is nothing else. */
    public static int start(byte[] bytes, int from, int end) {
        int start = from;
        int length;
        while (start < end && (length = lengthAt(bytes, start, end)) > 0) {
            start += length;
        }
        return start;
    }

    /** Where a field ends before the blanks behind it. */
    public static int end(byte[] bytes, int start, int from) {
        int end = from;
        int length;
        while (end > start && (length = lengthBefore(bytes, start, end)) > 0) {
            end -= length;
        }
        return end;
    }

    /** How long the blank is that starts there; 0 if there is none. A no-break space is one byte in Windows-1252. */
    private static int lengthAt(byte[] bytes, int at, int end) {
        if (bytes[at] >= 0) {
            return isBlank((char) bytes[at]) ? 1 : 0;
        }
        if (bytes[at] == NO_BREAK_SPACE) {
            return 1;
        }
        for (int length = 2; length <= 3 && at + length <= end; length++) {
            if (isOneBlank(bytes, at, at + length)) {
                return length;
            }
        }
        return 0;
    }

    private static int lengthBefore(byte[] bytes, int start, int end) {
        if (bytes[end - 1] >= 0) {
            return isBlank((char) bytes[end - 1]) ? 1 : 0;
        }
        for (int length = 2; length <= 3 && end - length >= start; length++) {
            if (isOneBlank(bytes, end - length, end)) {
                return length;
            }
        }
        boolean alone = bytes[end - 1] == NO_BREAK_SPACE && (end - 1 == start || bytes[end - 2] >= 0);
        return alone ? 1 : 0;
    }

    private static boolean isOneBlank(byte[] bytes, int start, int end) {
        String text = Utf8.decode(bytes, start, end);
        return text != null && text.length() == 1 && isBlank(text.charAt(0));
    }

    /** The text without the blanks around it. */
    public static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /**
     * An id as it is compared: without the blanks around it. Quotes behind a blank, as in {@code 1, "4", x}, are not
     * quotes of the CSV; where they enclose the whole id they go too.
     */
    public static String stripId(String text) {
        String id = strip(text);
        boolean quotedBehindBlank =
                id.length() >= 2 && isBlank(text.charAt(0)) && id.charAt(0) == '"' && id.charAt(id.length() - 1) == '"';
        return quotedBehindBlank ? strip(id.substring(1, id.length() - 1).replace("\"\"", "\"")) : id;
    }
}
