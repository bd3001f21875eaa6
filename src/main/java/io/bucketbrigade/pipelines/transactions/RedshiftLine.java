package io.bucketbrigade.pipelines.transactions;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A line of an invoice as COPY loads it into Redshift: a JSON object with the names of columns. */
final class RedshiftLine {
    /** Those of DECIMAL(38,10). */
    private static final int DIGITS = 38;

    private static final int DECIMALS = 10;
    /** Those of VARCHAR(65535). */
    private static final int BYTES = 65535;

    /**
     * NUL and halves of surrogate pairs: COPY refuses the whole file because of one of them.
     *
     * @see <a href="https://docs.aws.amazon.com/redshift/latest/dg/multi-byte-character-load-errors.html">Multibyte character load errors</a>
     */
    private static final Pattern REFUSED = Pattern.compile("[\\x00\\p{Cs}]");

    private RedshiftLine() {}

    /** Why Redshift can't hold a line; empty if it can. */
    static Optional<String> fault(SalesLine line) {
        if (!fits(line.unitPrice()) || !fits(line.amount())) {
            return Optional.of("UnitPrice is too large or has more than " + DECIMALS + " decimals, and Redshift keeps "
                    + DIGITS + " digits, " + DECIMALS + " of them decimals.");
        }
        String description = line.description();
        if (description != null && description.getBytes(StandardCharsets.UTF_8).length > BYTES) {
            return Optional.of("Description has more than " + BYTES + " bytes, which is the most that Redshift keeps.");
        }
        boolean isRefused = texts(line).anyMatch(text -> REFUSED.matcher(text).find());
        return isRefused
                ? Optional.of("A text has a character that Redshift refuses, NUL or half of a surrogate pair.")
                : Optional.empty();
    }

    private static Stream<String> texts(SalesLine line) {
        return Arrays.asList(line.invoice(), line.stockCode(), line.description(), line.customer(), line.country())
                .stream()
                .filter(Objects::nonNull);
    }

    private static boolean fits(BigDecimal number) {
        BigDecimal plain = number.stripTrailingZeros();
        return plain.scale() <= DECIMALS && plain.precision() - plain.scale() <= DIGITS - DECIMALS;
    }

    static void write(SalesLine line, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("source", line.source());
        json.writeNumberField("position", line.position());
        json.writeStringField("invoice_no", line.invoice());
        json.writeStringField("stock_code", line.stockCode());
        writeIfAny(json, "description", line.description());
        writeIfAny(json, "customer_id", line.customer());
        writeIfAny(json, "country", line.country());
        json.writeStringField("sold_at", line.soldAt().replace('T', ' '));
        json.writeNumberField("quantity", line.quantity());
        json.writeNumberField("unit_price", line.unitPrice());
        // Redshift's own product would have other decimals.
        json.writeNumberField("amount", line.amount());
        json.writeEndObject();
    }

    private static void writeIfAny(JsonGenerator json, String column, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(column, text);
        }
    }
}
