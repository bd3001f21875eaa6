package io.bucketbrigade.csv;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Windows-1252, Latin-1 with quotes, dashes and the euro in it. Here every byte is a character: the five that the standard leaves
 * undefined are read as the control characters of the same number, so decoding loses nothing.
 */
final class Windows1252 {
    private static final char UNKNOWN = '\uFFFD';
    private static final char[] CHARACTERS = characters();
    private static final Map<Character, Byte> BYTES = bytes();

    private Windows1252() {}

    private static char[] characters() {
        byte[] all = new byte[1 << Byte.SIZE];
        for (int at = 0; at < all.length; at++) {
            all[at] = (byte) at;
        }
        char[] characters = new String(all, Charset.forName("windows-1252")).toCharArray();
        for (int at = 0; at < characters.length; at++) {
            characters[at] = characters[at] == UNKNOWN ? (char) at : characters[at];
        }
        return characters;
    }

    private static Map<Character, Byte> bytes() {
        Map<Character, Byte> bytes = new HashMap<>();
        for (int at = 0; at < CHARACTERS.length; at++) {
            bytes.put(CHARACTERS[at], (byte) at);
        }
        return bytes;
    }

    static String decode(byte[] bytes, int start, int end) {
        char[] text = new char[end - start];
        for (int at = 0; at < text.length; at++) {
            text[at] = CHARACTERS[Byte.toUnsignedInt(bytes[start + at])];
        }
        return new String(text);
    }

    /** Whether there is a byte for the character. */
    static boolean has(char character) {
        return BYTES.containsKey(character);
    }

    /** The bytes of a text; null if it holds a character that has none. */
    static byte @Nullable [] encode(String text) {
        byte[] encoded = new byte[text.length()];
        for (int at = 0; at < encoded.length; at++) {
            Byte one = BYTES.get(text.charAt(at));
            if (one == null) {
                return null;
            }
            encoded[at] = one;
        }
        return encoded;
    }
}
