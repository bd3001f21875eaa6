package io.bucketbrigade.sending;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
 */
record SentFile(Path path, String identity, Charset charset, long length) {
    private static final int PIECE = 1 << 16;
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
        long length = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
            while (count >= 0) {
                digest.update(bytes.array(), bytes.position(), count);
                length += count;
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
        Charset charset = isUtf8
                ? StandardCharsets.UTF_8
                : isWindows ? Charset.forName("windows-1252") : StandardCharsets.ISO_8859_1;
        return new SentFile(path, HexFormat.of().formatHex(digest.digest()), charset, length);
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
