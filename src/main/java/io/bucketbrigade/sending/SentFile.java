package io.bucketbrigade.sending;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file that is sent, as it was found when it was read through once: what it is known by, and how its text is encoded.
 *
 * @param path where it is
 * @param identity the SHA-256 of its content; rows are known by it and by their number, so a file that was changed is another file
 * @param charset UTF-8 if all of it is; else Windows-1252, which ISO-8859-1 text is also read as; ISO-8859-1 if it holds bytes that
 *     Windows-1252 doesn't define
 * @param length in bytes
 * @param modified when it was last changed
 */
record SentFile(Path path, String identity, Charset charset, long length, FileTime modified) {
    private static final int PIECE = 1 << 16;
    private static final String SEPARATORS = ",;\t|";
    /** In which Windows-1252 has no characters. */
    private static final String UNDEFINED = "\u0081\u008d\u008f\u0090\u009d";

    /**
     * Reads it through.
     *
     * @throws Problem if it is empty
     * @throws IOException if it can't be read
     */
    static SentFile of(Path path) throws IOException {
        MessageDigest digest = sha256();
        CharsetDecoder utf8 = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        boolean isUtf8 = true;
        boolean isWindows = true;
        ByteBuffer bytes = ByteBuffer.allocate(PIECE);
        CharBuffer characters = CharBuffer.allocate(PIECE);
        FileTime modified = Files.getLastModifiedTime(path);
        long length = 0;
        long quotes = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
            while (count >= 0) {
                digest.update(bytes.array(), bytes.position(), count);
                length += count;
                quotes += quotes(bytes.array(), bytes.position(), count);
                isWindows = isWindows && isDefined(bytes.array(), bytes.position(), count);
                bytes.position(bytes.position() + count).flip();
                characters.clear();
                isUtf8 = isUtf8 && !utf8.decode(bytes, characters, false).isError();
                if (!isUtf8) {
                    bytes.position(bytes.limit());
                }
                bytes.compact();
                count = in.read(bytes.array(), bytes.position(), bytes.remaining());
            }
        }
        // Half of a character at the end.
        isUtf8 = isUtf8 && bytes.position() == 0;
        if (length == 0) {
            throw new Problem(Kind.INPUT, path + " is empty.");
        }
        if (quotes % 2 == 1) {
            throw new Problem(
                    Kind.INPUT,
                    path
                            + " has an odd number of double quotes, so one is opened and never closed, and the rows behind it would be taken for"
                            + " text. Nothing was sent. Close it, or double it if it is part of a text.");
        }
        Charset charset = isUtf8
                ? StandardCharsets.UTF_8
                : isWindows ? Charset.forName("windows-1252") : StandardCharsets.ISO_8859_1;
        return new SentFile(path, HexFormat.of().formatHex(digest.digest()), charset, length, modified);
    }

    private static long quotes(byte[] bytes, int from, int count) {
        long quotes = 0;
        for (int at = from; at < from + count; at++) {
            quotes += bytes[at] == '"' ? 1 : 0;
        }
        return quotes;
    }

    /** What its fields are separated by, as its first line shows. */
    char separator() throws IOException {
        String first;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(Files.newInputStream(path), charset))) {
            first = String.valueOf(lines.readLine());
        }
        char best = SEPARATORS.charAt(0);
        for (int at = 1; at < SEPARATORS.length(); at++) {
            char candidate = SEPARATORS.charAt(at);
            best = count(first, candidate) > count(first, best) ? candidate : best;
        }
        return best;
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(one -> one == wanted).count();
    }

    /** Whether it is still as it was read through. */
    boolean isUnchanged() throws IOException {
        return Files.size(path) == length && Files.getLastModifiedTime(path).equals(modified);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isDefined(byte[] bytes, int from, int count) {
        for (int at = from; at < from + count; at++) {
            if (bytes[at] < 0 && UNDEFINED.indexOf((char) (bytes[at] & 0xFF)) >= 0) {
                return false;
            }
        }
        return true;
    }
}
