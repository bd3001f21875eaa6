package io.bucketbrigade.streams;

import io.bucketbrigade.streams.RowColumn.BadValue;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A column of a CSV file as COPY takes it. Values come again and again in the rows of an invoice, a product or a customer, and reading a time
 * or a number takes far longer than to recognise it; so the last values are remembered, each in the place that its hash names.
 */
final class CsvColumn {
    private static final int PLACES = 1 << 13;
    /** Longer ones hardly come again, and would fill the memory. */
    private static final int LONGEST_REMEMBERED = 100;

    /** No value. */
    static final byte[] NULL = {'\\', 'N'};

    private final RowColumn column;
    private final @Nullable String[] texts = new String[PLACES];
    private final byte[][] bytes = new byte[PLACES][];

    CsvColumn(RowColumn column) {
        this.column = column;
    }

    /**
     * A value in the text format of COPY.
     *
     * @param text the field, blank if there is none
     * @throws BadValue if the value is not what the column holds
     */
    byte[] copied(String text) throws BadValue {
        int hash = text.hashCode();
        int place = (hash ^ hash >>> 16) & PLACES - 1;
        if (text.equals(texts[place])) {
            return bytes[place];
        }
        String plain = column.plain(text, !text.isEmpty());
        byte[] copied = plain == null ? NULL : escaped(plain).getBytes(StandardCharsets.UTF_8);
        if (text.length() <= LONGEST_REMEMBERED) {
            texts[place] = text;
            bytes[place] = copied;
        }
        return copied;
    }

    private static String escaped(String text) {
        StringBuilder escaped = null;
        for (int at = 0; at < text.length(); at++) {
            char symbol = text.charAt(at);
            int special = "\\\n\r\t".indexOf(symbol);
            if (special >= 0 && escaped == null) {
                escaped = new StringBuilder(text.length() + 8).append(text, 0, at);
            }
            if (escaped != null) {
                if (special >= 0) {
                    escaped.append('\\');
                }
                escaped.append(special < 0 ? symbol : "\\nrt".charAt(special));
            }
        }
        return escaped == null ? text : escaped.toString();
    }
}
