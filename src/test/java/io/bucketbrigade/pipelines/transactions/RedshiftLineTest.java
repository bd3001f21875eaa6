package io.bucketbrigade.pipelines.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedshiftLineTest {
    private static SalesLine line(int quantity, String price, @Nullable String description) {
        return new SalesLine(
                "1", 0, 1, "a", description, quantity, "2011-05-01T10:00:00", new BigDecimal(price), null, null);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0.1234567891, true",
        "1, 0.12345678910, true",
        "1, 0.12345678911, false",
        "1, 9999999999999999999999999999.0123456789, true",
        "1, 10000000000000000000000000000, false",
        "-2, 5000000000000000000000000000, false",
        "2147483647, -1E10, true",
    })
    void prices_and_amounts_must_fit_into_38_digits_with_10_decimals(int quantity, String price, boolean fits) {
        assertThat(RedshiftLine.fault(line(quantity, price, null)).isEmpty()).isEqualTo(fits);
    }

    @Test
    void bytes_of_a_description_are_counted_not_characters() {
        assertThat(RedshiftLine.fault(line(1, "1", "a".repeat(65535)))).isEmpty();
        assertThat(RedshiftLine.fault(line(1, "1", "£".repeat(32767)))).isEmpty();
        assertThat(RedshiftLine.fault(line(1, "1", "£".repeat(32768))))
                .contains("Description has more than 65535 bytes, which is the most that Redshift keeps.");
    }

    @Test
    void characters_that_COPY_refuses_are_found_and_no_others() {
        for (String refused : new String[] {"\u0000", "\uD83D", "\uDE00"}) {
            assertThat(RedshiftLine.fault(line(1, "1", "a" + refused + "b")))
                    .as(refused)
                    .isPresent();
        }
        assertThat(RedshiftLine.fault(line(1, "1", "a\uD83D\uDE00 £ \u00FF \uFDD0 \uFFFF \t\"'\\N")))
                .isEmpty();
    }
}
