package io.bucketbrigade.pipelines.stocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is computed in longs, beside its plain twin in BigDecimal. */
class ChangePropertyTest {
    private static Price price(String text) {
        Price price = new Price();
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        price.read(bytes, 0, bytes.length);
        return price;
    }

    private static String written(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }

    @Property(tries = 5_000)
    void changes_are_what_BigDecimal_says(@ForAll("prices") String open, @ForAll("prices") String close) {
        BigDecimal first = new BigDecimal(open);
        BigDecimal last = new BigDecimal(close);
        String percent = first.signum() == 0
                ? ""
                : plain(last.subtract(first)
                        .multiply(BigDecimal.valueOf(100))
                        .divide(first, Change.DECIMALS, RoundingMode.HALF_UP));
        String difference = plain(last.subtract(first).setScale(Change.DECIMALS, RoundingMode.HALF_UP));
        byte[] into = new byte[512];
        Change change = new Change();
        assertThat(written(into, change.writePercent(price(open), price(close), into, 0)))
                .isEqualTo(percent);
        assertThat(written(into, change.writeDifference(price(open), price(close), into, 0)))
                .isEqualTo(difference);
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    @Property
    void what_is_no_number_is_none(@ForAll("nonsense") String text) {
        assertThat(price(text).kind()).isEqualTo(Price.Kind.NONE);
    }

    @Provide
    Arbitrary<String> nonsense() {
        return Arbitraries.of(
                "-", ".", "-.", "1.2.3", "1,2", "NaN", "Infinity", "0x1", "1e", "1e999999999", "١", "1_0", "--1");
    }

    @Provide
    Arbitrary<String> prices() {
        Arbitrary<String> digits =
                Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(17);
        Arbitrary<String> usual = Arbitraries.integers()
                .between(0, 9_999_999)
                .map(number -> BigDecimal.valueOf(number, 4).toPlainString());
        Arbitrary<String> any = digits.tuple2().map(parts -> parts.get1() + "." + parts.get2());
        Arbitrary<String> exponents = digits.flatMap(
                number -> Arbitraries.integers().between(-20, 20).map(exponent -> number + "e" + exponent));
        return Arbitraries.oneOf(usual, usual, digits, any, exponents)
                .flatMap(text -> Arbitraries.of("", "", "-").map(sign -> sign + text));
    }
}
