package io.bucketbrigade.sending;

import io.bucketbrigade.csv.TextScan;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * A file that is sent, as it was found when it was read through once. Rows are known by its content and by their number, so a file that was
 * changed is another file.
 *
 * @param path where it is
 * @param scan what it is known by, and how its text is encoded
 * @param modified when it was last changed
 */
record SentFile(Path path, TextScan scan, FileTime modified) {
    /**
     * Reads it through.
     *
     * @throws Problem if it is empty, of another format, or has an open quote
     * @throws IOException if it can't be read
     */
    static SentFile of(Path path) throws IOException {
        FileTime modified = Files.getLastModifiedTime(path);
        TextScan scan;
        try (InputStream in = Files.newInputStream(path)) {
            scan = TextScan.of(in);
        }
        if (scan.foreign() != null) {
            throw new Problem(Kind.INPUT, path + ": " + scan.foreign());
        }
        if (scan.length() == 0) {
            throw new Problem(Kind.INPUT, path + " is empty.");
        }
        if (scan.isQuoteOpen()) {
            throw new Problem(
                    Kind.INPUT,
                    path
                            + " has an odd number of double quotes, so one is opened and never closed, and the rows behind it would be taken for"
                            + " text. Nothing was sent. Close it, or double it if it is part of a text.");
        }
        return new SentFile(path, scan, modified);
    }

    /** The SHA-256 of its content. */
    String identity() {
        return scan.identity();
    }

    Charset charset() {
        return scan.charset();
    }

    /** In bytes. */
    long length() {
        return scan.length();
    }

    /** What its fields are separated by. */
    char separator() throws IOException {
        try (Reader text = new InputStreamReader(Files.newInputStream(path), charset())) {
            return TextScan.separator(text);
        }
    }

    /** Whether it is still as it was read through. */
    boolean isUnchanged() throws IOException {
        return Files.size(path) == length() && Files.getLastModifiedTime(path).equals(modified);
    }
}
