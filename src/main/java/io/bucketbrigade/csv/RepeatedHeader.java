package io.bucketbrigade.csv;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Finds rows that repeat the header, as in files that were joined. Only a row whose field in one column is that
 * column's name is compared as a whole, so other rows cost next to nothing.
 */
final class RepeatedHeader {
    private final Header header;
    private final byte[] name;
    /** Which bytes of ASCII a field may begin with that is the name, or a {@link MissingValue}. */
    final boolean[] firstBytes = new boolean[1 << Byte.SIZE];
    /** A longer field is not the name, be there blanks and dots in it. */
    final int longest;

    /** @param column the index of the column whose name is looked for */
    RepeatedHeader(Header header, int column) {
        this.header = header;
        this.name = Header.plainName(header.columns().get(column)).getBytes(StandardCharsets.UTF_8);
        this.longest = 2 * name.length + 8;
        for (int first = 0; first < firstBytes.length / 2; first++) {
            firstBytes[first] = MissingValue.mayBegin((byte) first);
        }
        if (name.length > 0) {
            firstBytes[name[0] & 0xFF] = true;
            firstBytes[upperCase(name[0]) & 0xFF] = true;
            firstBytes['_'] = true;
            firstBytes['.'] = true;
            firstBytes['"'] = true;
        }
    }

    private static byte upperCase(byte b) {
        return b >= 'a' && b <= 'z' ? (byte) (b - 'a' + 'A') : b;
    }

    /** Whether it is worth decoding a field to see whether it is the column's name. */
    boolean mayBeName(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] <= ' ') {
            at++;
        }
        return name.length > 0 && start < end && (name[0] < 0 || (at < end && firstBytes[bytes[at]]));
    }

    /** Whether a field that begins with a visible character of ASCII is the column's name. */
    boolean isName(byte[] bytes, int start, int end) {
        if (end - start > longest || !firstBytes[bytes[start] & 0xFF]) {
            return false;
        }
        int matched = 0;
        for (int at = start; at < end; at++) {
            byte b = bytes[at];
            if (b < 0) {
                return isName(Text.of(bytes, start, end).toString());
            }
            if (b == '_' || b == '.' || Blanks.isBlank((char) b)) {
                continue;
            }
            byte lower = b >= 'A' && b <= 'Z' ? (byte) (b - 'A' + 'a') : b;
            if (matched == name.length || name[matched] != lower) {
                return false;
            }
            matched++;
        }
        return matched == name.length;
    }

    /** Whether a field is the column's name. */
    boolean isName(String field) {
        return name.length > 0 && Header.plainName(field).equals(new String(name, StandardCharsets.UTF_8));
    }

    /** Whether these fields are those of the header. */
    boolean isHeader(List<String> fields) {
        return header.isRepeatedBy(fields);
    }
}
