package io.bucketbrigade.csv;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a CSV file when it was read through once.
 *
 * @param identity the SHA-256 of its content
 * @param charset UTF-8 if all of it is; else Windows-1252, which ISO-8859-1 text is also read as; ISO-8859-1 if it holds bytes that
 *     Windows-1252 doesn't define
 * @param foreign what it is instead of a CSV file, and what to do; null if it may be one
 * @param length in bytes
 * @param isQuoteOpen whether a double quote is opened and never closed, so that the rows behind it would be taken for text
 */
public record TextScan(
        String identity, Charset charset, @Nullable String foreign, long length, boolean isQuoteOpen) {
    private static final int PIECE = 1 << 16;
    private static final String SEPARATORS = ",;\t|";
    /** In which Windows-1252 has no characters. */
    private static final String UNDEFINED = "\u0081\u008d\u008f\u0090\u009d";

    /**
     * Reads it through.
     *
     * @throws IOException if it can't be read
     */
    public static TextScan of(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        CharsetDecoder utf8 = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        boolean isUtf8 = true;
        boolean isWindows = true;
        ByteBuffer bytes = ByteBuffer.allocate(PIECE);
        CharBuffer characters = CharBuffer.allocate(PIECE);
        long length = 0;
        long quotes = 0;
        int count = in.readNBytes(bytes.array(), 0, PIECE);
        String foreign = ForeignFormat.of(bytes.array(), count);
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
        // Half of a character at the end.
        isUtf8 = isUtf8 && bytes.position() == 0;
        Charset charset = isUtf8
                ? StandardCharsets.UTF_8
                : isWindows ? Charset.forName("windows-1252") : StandardCharsets.ISO_8859_1;
        return new TextScan(HexFormat.of().formatHex(digest.digest()), charset, foreign, length, quotes % 2 == 1);
    }

    /**
     * What the fields of a file are separated by, as its first line shows.
     *
     * @throws IOException if it can't be read
     */
    public static char separator(Reader text) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = text.read();
        while (next >= 0 && next != '\n' && next != '\r' && line.length() < PIECE) {
            line.append((char) next);
            next = text.read();
        }
        return separator(line.toString());
    }

    private static char separator(String firstLine) {
        char best = SEPARATORS.charAt(0);
        for (int at = 1; at < SEPARATORS.length(); at++) {
            char candidate = SEPARATORS.charAt(at);
            best = count(firstLine, candidate) > count(firstLine, best) ? candidate : best;
        }
        return best;
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(one -> one == wanted).count();
    }

    private static long quotes(byte[] bytes, int from, int count) {
        long quotes = 0;
        for (int at = from; at < from + count; at++) {
            quotes += bytes[at] == '"' ? 1 : 0;
        }
        return quotes;
    }

    private static boolean isDefined(byte[] bytes, int from, int count) {
        for (int at = from; at < from + count; at++) {
            if (bytes[at] < 0 && UNDEFINED.indexOf((char) (bytes[at] & 0xFF)) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
