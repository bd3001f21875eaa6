package io.bucketbrigade.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.IntPredicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Eight bytes at a time, against one at a time. */
class ByteSearchTest {
    private static int first(byte[] bytes, IntPredicate wanted) {
        int at = 0;
        while (at < bytes.length && !wanted.test(bytes[at])) {
            at++;
        }
        return at;
    }

    private static int found(long mask) {
        return mask == 0 ? Long.BYTES : ByteSearch.before(mask);
    }

    @Property
    void the_first_one_found_is_the_first_there_is(@ForAll("words") byte[] bytes) {
        long word = ByteSearch.at(bytes, 0);
        assertThat(found(ByteSearch.zeros(word ^ ByteSearch.of('"')))).isEqualTo(first(bytes, b -> b == '"'));
        for (Separator separator : Separator.values()) {
            byte symbol = separator.symbol();
            assertThat(found(ByteSearch.separatorsAndLess(word, ByteSearch.of(symbol), 14)))
                    .isEqualTo(first(bytes, b -> b == symbol || (b >= 0 && b < 14)));
        }
    }

    @Property
    void where_it_is_said_to_be_exact_all_are_found(@ForAll("words") byte[] bytes) {
        int newlines = 0;
        for (byte b : bytes) {
            newlines += b == '\n' ? 1 : 0;
        }
        assertThat(ByteSearch.count(ByteSearch.exactZeros(ByteSearch.at(bytes, 0) ^ ByteSearch.of('\n'))))
                .isEqualTo(newlines);
    }

    @Property
    void an_unquoted_field_ends_at_the_first_separator_or_line_end(
            @ForAll("fields") byte[] field, @ForAll("lengths") int from) {
        int start = Math.min(from, field.length);
        byte[] readable = Arrays.copyOf(field, field.length + Long.BYTES);
        for (Separator separator : Separator.values()) {
            byte symbol = separator.symbol();
            byte[] searched = Arrays.copyOfRange(field, start, field.length);
            assertThat(ByteSearch.endOfField(readable, start, field.length, ByteSearch.of(symbol)))
                    .isEqualTo(start + first(searched, b -> b == symbol || b == '\n' || b == '\r'));
        }
    }

    @Property
    void bytes_are_plain_without_zeros_and_returns_and_above_ascii(@ForAll("fields") byte[] field) {
        byte[] readable = Arrays.copyOf(field, field.length + Long.BYTES);
        assertThat(ByteSearch.isPlain(readable, 0, field.length))
                .isEqualTo(first(field, b -> b <= 0 || b == '\r') == field.length);
        assertThat(ByteSearch.hasQuote(readable, 0, field.length))
                .isEqualTo(first(field, b -> b == '"') < field.length);
    }

    @Property
    void a_short_key_gives_its_bytes_back(@ForAll("words") byte[] bytes, @ForAll("lengths") int length) {
        byte[] key = Arrays.copyOf(bytes, length);
        long word = ShortKey.of(bytes, 0, length);
        boolean hasZero = first(key, b -> b == 0) < length;
        assertThat(word == ShortKey.NONE).isEqualTo(hasZero);
        if (!hasZero) {
            assertThat(ShortKey.isShort(word)).isTrue();
            assertThat(ShortKey.bytes(word)).isEqualTo(key);
        }
    }

    @Provide
    Arbitrary<byte[]> fields() {
        return Arbitraries.of(0, 9, 10, 12, 13, 14, 32, 34, 44, 59, 97, 98, 99, 124, 127, 128, 255)
                .map(b -> (byte) (int) b)
                .array(byte[].class)
                .ofMinSize(0)
                .ofMaxSize(30);
    }

    @Provide
    Arbitrary<byte[]> words() {
        Arbitrary<Byte> special = Arbitraries.of('"', ',', ';', '|', '\t', '\n', '\r', '#', '-', '\0', '\016', 'a')
                .map(c -> (byte) c.charValue());
        return Arbitraries.oneOf(special, Arbitraries.bytes())
                .array(byte[].class)
                .ofSize(Long.BYTES);
    }

    @Provide
    Arbitrary<Integer> lengths() {
        return Arbitraries.integers().between(1, Long.BYTES);
    }
}
