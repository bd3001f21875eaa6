package io.bucketbrigade.csv;

import java.nio.charset.Charset;

/**
 * Text that people are shown. It is UTF-8; what isn't is Windows-1252, as spreadsheets in Europe and America write it. The five
 * bytes that Windows-1252 doesn't define become U+FFFD.
 */
public final class Text {
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private final String text;
    private final boolean windows1252;

    private Text(String text, boolean windows1252) {
        this.text = text;
        this.windows1252 = windows1252;
    }

    /** Decodes bytes. */
    public static Text of(byte[] bytes, int start, int end) {
        String utf8 = Utf8.decode(bytes, start, end);
        return utf8 != null
                ? new Text(utf8, false)
                : new Text(new String(bytes, start, end - start, WINDOWS_1252), true);
    }

    /** Whether the bytes were no UTF-8. */
    public boolean isWindows1252() {
        return windows1252;
    }

    /** The text. */
    @Override
    public String toString() {
        return text;
    }
}
