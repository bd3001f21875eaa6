package io.bucketbrigade.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Against a plain twin: counting is right after a wrong guess too, only slower, so no other test would notice. */
class QuoteGuessTest {
    private static final byte COMMA = ',';

    @Property
    void the_guess_is_that_of_its_plain_twin(@ForAll("windows") String window) {
        byte[] bytes = window.getBytes(StandardCharsets.ISO_8859_1);
        byte[] buffer = Arrays.copyOf(bytes, bytes.length + 12);
        buffer[bytes.length] = '"';
        assertThat(new QuoteGuess(buffer, bytes.length, COMMA).startsInQuotes()).isEqualTo(plainGuess(bytes));
    }

    @Provide
    Arbitrary<String> windows() {
        return Arbitraries.strings()
                .withChars('"', ',', '\n', '\r', 'a', '\u00a2')
                .ofMaxLength(60);
    }

    /** The first quotes at one edge of a field only say where it is; those before it open and close. */
    private static boolean plainGuess(byte[] bytes) {
        boolean flipped = false;
        for (int at = 0; at < bytes.length - 1; at++) {
            int run = at;
            while (run < bytes.length && bytes[run] == '"') {
                run++;
            }
            if (run == at) {
                continue;
            }
            if (run == bytes.length) {
                return flipped;
            }
            boolean odd = (run - at) % 2 == 1;
            if (odd && at > 0 && isSeparator(bytes[at - 1]) != isSeparator(bytes[run])) {
                return isSeparator(bytes[run]) != flipped;
            }
            flipped = odd ? at == 0 || !flipped : flipped;
            at = run - 1;
        }
        return false;
    }

    private static boolean isSeparator(byte one) {
        return one == COMMA || one == '\n' || one == '\r';
    }
}
