package io.bucketbrigade.csv;

import java.io.IOException;

/**
 * The beginning of a row as people see it. A row that is not UTF-8 is read as Windows-1252, which has a character for every byte: so
 * it is shown as it was meant in most files, and can be written back as it was in all.
 *
 * @param text the first {@value Rejected#TEXT_BYTES} bytes, without the line end
 * @param isAscii whether they are the same in every encoding
 * @param isUtf8 whether they are UTF-8
 * @param isCut whether the row is longer than that
 */
record RowText(String text, boolean isAscii, boolean isUtf8, boolean isCut) {
    /** The longest character in UTF-8. */
    private static final int LONGEST_CHARACTER = 4;

    /** Reads it from there. */
    static RowText read(ByteSource source, long start, long end) throws IOException {
        byte[] bytes = new byte[(int) Math.min(Rejected.TEXT_BYTES, end - start)];
        int length = BlockCounter.readFully(source, start, bytes, bytes.length);
        boolean cut = end - start > length;
        String utf8 = Utf8.decode(bytes, 0, cut ? wholeCharacters(bytes, length) : length);
        String text = utf8 == null ? Windows1252.decode(bytes, 0, length) : utf8;
        return new RowText(withoutLineEnd(text), isAscii(bytes, length), utf8 != null, cut);
    }

    /** A row may end in blanks, or in the separators of empty columns, and these may be tabs. */
    static String withoutLineEnd(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return text.substring(0, end);
    }

    /** Where the last character begins, if it is cut off; else the end. */
    private static int wholeCharacters(byte[] bytes, int length) {
        int lead = length - 1;
        while (lead > 0 && length - lead < LONGEST_CHARACTER && (bytes[lead] & 0xC0) == 0x80) {
            lead--;
        }
        int needed = (bytes[lead] & 0xE0) == 0xC0
                ? 2
                : (bytes[lead] & 0xF0) == 0xE0 ? 3 : (bytes[lead] & 0xF8) == 0xF0 ? 4 : 1;
        return length - lead < needed ? lead : length;
    }

    private static boolean isAscii(byte[] bytes, int length) {
        for (int at = 0; at < length; at++) {
            if (bytes[at] < 0) {
                return false;
            }
        }
        return true;
    }
}
