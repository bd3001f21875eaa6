package io.bucketbrigade.csv;

/**
 * Text that people are shown. It is UTF-8; what isn't is Windows-1252, as spreadsheets in Europe and America write it. No two
 * texts of different bytes are the same.
 */
public final class Text {
    private final String text;
    private final boolean windows1252;

    private Text(String text, boolean windows1252) {
        this.text = text;
        this.windows1252 = windows1252;
    }

    /** Decodes bytes. */
    public static Text of(byte[] bytes, int start, int end) {
        String utf8 = Utf8.decode(bytes, start, end);
        return utf8 != null ? new Text(utf8, false) : new Text(Windows1252.decode(bytes, start, end), true);
    }

    /** Whether the bytes were not UTF-8. */
    public boolean isWindows1252() {
        return windows1252;
    }

    /** The text. */
    @Override
    public String toString() {
        return text;
    }
}
