package io.bucketbrigade.web;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Percent-encoded text in addresses (RFC 3986). */
final class PercentCode {
    private static final int ESCAPE = 3;

    private PercentCode() {}

    /**
     * Decodes a text once; a plus sign is a plus sign.
     *
     * @throws Problem if it has a broken escape, is not UTF-8, or has a character that must be encoded
     */
    static String decode(String encoded) {
        if (encoded.indexOf('%') < 0 && encoded.chars().allMatch(one -> one < 0x80)) {
            return encoded;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        for (int at = 0; at < encoded.length(); at++) {
            char one = encoded.charAt(at);
            if (one == '%') {
                String escape = encoded.substring(at, Math.min(at + ESCAPE, encoded.length()));
                if (!escape.matches("%[0-9A-Fa-f]{2}")) {
                    throw new Problem(
                            Kind.USAGE,
                            "The address can't be understood: '" + escape
                                    + "' is not a percent escape such as %20. Write a percent sign as %25.");
                }
                bytes.write(HexFormat.fromHexDigits(escape, 1, ESCAPE));
                at += 2;
            } else if (one < 0x80) {
                bytes.write(one);
            } else {
                throw notUtf8();
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw notUtf8();
        }
    }

    private static Problem notUtf8() {
        return new Problem(
                Kind.USAGE,
                "The address can't be understood: write letters outside ASCII as the percent escapes of their UTF-8 bytes.");
    }
}
