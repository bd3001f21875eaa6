package io.bucketbrigade.fetching;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, in hexadecimal digits. */
final class Digest {
    private static final int BUFFER = 1 << 16;

    private Digest() {}

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Of a text. */
    static String of(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Of a content.
     *
     * @param size its length in bytes
     * @param sha256 its digest
     */
    record Content(long size, String sha256) {}

    /**
     * Of all that a stream has.
     *
     * @param limits how much that may be
     * @throws IOException if it can't be read
     */
    static Content of(InputStream in, FetchLimits limits) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            size += read;
            if (size > limits.mostBytes()) {
                throw limits.tooLarge();
            }
            digest.update(buffer, 0, read);
        }
        return new Content(size, HexFormat.of().formatHex(digest.digest()));
    }
}
