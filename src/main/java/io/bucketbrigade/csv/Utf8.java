package io.bucketbrigade.csv;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Strict decoding: bytes that are not UTF-8 are reported, never replaced. */
public final class Utf8 {
    private Utf8() {}

    /** The text, or null if the bytes are not UTF-8. */
    public static @Nullable String decode(byte[] bytes, int start, int end) {
        if (isAscii(bytes, start, end)) {
            return new String(bytes, start, end - start, StandardCharsets.US_ASCII);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, end - start))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }

    /** Whether the bytes are UTF-8. */
    static boolean isValid(byte[] bytes, int start, int end) {
        return isAscii(bytes, start, end) || decode(bytes, start, end) != null;
    }

    private static boolean isAscii(byte[] bytes, int start, int end) {
        for (int at = start; at < end; at++) {
            if (bytes[at] < 0) {
                return false;
            }
        }
        return true;
    }
}
