package io.bucketbrigade.fetching;

import io.bucketbrigade.csv.BytesInMemory;
import io.bucketbrigade.csv.CsvException;
import io.bucketbrigade.csv.ForeignFormat;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Whether what a server sends can be the file: many answer with a page or a message, and the status of success. */
final class ContentCheck {
    /** How many bytes show what a file is. */
    static final int BEGINNING = 1024;

    private static final Pattern NO_FILE = Pattern.compile("(text|application)/([\\w.-]+\\+)?(html|xhtml|json|xml)");
    private static final Pattern TEXT = Pattern.compile(".*\\.(csv|tsv|txt)");

    private ContentCheck() {}

    /**
     * Checks what the server says that it sends.
     *
     * @param type the header Content-Type, in whatever case; blank if there is none
     * @throws Problem if that is a page or a message, and the file is not one of that kind
     */
    static void type(String name, String type) {
        String plain = type.toLowerCase(Locale.ROOT).replaceFirst(";.*", "").strip();
        String kind = plain.replaceFirst(".*[/+]", "").replace("xhtml", "html");
        if (NO_FILE.matcher(plain).matches() && !name.toLowerCase(Locale.ROOT).matches(".*\\." + kind + "(\\.gz)?")) {
            throw new Problem(
                    Kind.INPUT,
                    "the server sends " + kind.toUpperCase(Locale.ROOT) + " instead of the file (Content-Type: " + plain
                            + "). Open the address in a browser to see what it says.");
        }
    }

    /**
     * Checks the first bytes.
     *
     * @throws Problem if there are none, or they are those of a file of another kind
     */
    static void beginning(String name, byte[] start, int length) {
        if (length == 0) {
            throw new Problem(Kind.INPUT, "the server sends an empty file.");
        }
        String lower = name.toLowerCase(Locale.ROOT);
        String foreign = TEXT.matcher(lower).matches() ? ForeignFormat.of(start, length) : null;
        if (foreign != null) {
            throw new Problem(Kind.INPUT, "the server sends something else: " + foreign);
        }
        boolean isGzip = length > 1 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b;
        if (lower.endsWith(".gz") && !isGzip) {
            throw new Problem(Kind.INPUT, "the server sends something else: this is not a gzip file.");
        }
    }

    /**
     * Checks the columns.
     *
     * @param needed which columns the file must have; none if it needs no header
     * @param content the file from its beginning
     * @throws Problem if they are not all there
     * @throws IOException if it can't be read
     */
    static void columns(String name, List<String> needed, InputStream content) throws IOException {
        if (needed.isEmpty()) {
            return;
        }
        try {
            Header.read(new BytesInMemory(name, content.readNBytes(Header.LONGEST)), needed);
        } catch (CsvException other) {
            throw new Problem(Kind.INPUT, "the server sends something else: " + other.getMessage(), other);
        }
    }
}
