package io.bucketbrigade.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.registry.RowStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowFormatTest {
    private static final Map<String, String> COLUMNS = new LinkedHashMap<>();

    static {
        COLUMNS.put("InvoiceNo", "text");
        COLUMNS.put("Quantity", "integer");
        COLUMNS.put("InvoiceDate", "timestamp, as M/d/yyyy[ H:mm[:ss]]");
        COLUMNS.put("UnitPrice", "numeric");
        COLUMNS.put("CustomerID", "text, optional, without .0");
    }

    private final RowFormat format =
            new RowFormat(new RowStream("InvoiceNo", COLUMNS, "", "", null, "", "", null, List.of(), null, null, null));

    private Rows read(String json) throws Exception {
        Rows rows = new Rows();
        format.read(7, RowFormat.json(json.getBytes(StandardCharsets.UTF_8)), rows);
        return rows;
    }

    private static String row(String field, String value) {
        Map<String, String> fields = new LinkedHashMap<>(Map.of(
                "InvoiceNo", "\"536365\"",
                "Quantity", "6",
                "InvoiceDate", "\"12/1/2010 8:26\"",
                "UnitPrice", "2.55"));
        fields.put(field, value);
        StringBuilder json = new StringBuilder();
        fields.forEach((name, written) -> json.append(json.isEmpty() ? "{\"" : ",\"")
                .append(name)
                .append("\":")
                .append(written));
        return json.append('}').toString();
    }

    @Test
    void all_that_is_wrong_with_the_values_of_a_row_is_said() throws Exception {
        RejectedRow rejected =
                read("{\"InvoiceNo\":\"1\",\"Quantity\":\"six\",\"InvoiceDate\":\"12/1/2010 8:26\",\"UnitPrice\":\"x\"}")
                        .rejected()
                        .get(0);
        assertThat(rejected.field()).isEqualTo("Quantity");
        assertThat(rejected.reason())
                .isEqualTo(
                        "Quantity is 'six', which is not a whole number. UnitPrice is 'x', which is not a number such as 12.50.");
    }

    @Test
    void a_row_is_kept_with_all_columns_and_dates_as_ISO_8601() throws Exception {
        assertThat(
                        read("{\"unit_price\":2.50,\"invoice_no\":536365,\"QUANTITY\":\"6\",\"InvoiceDate\":\"12/1/2010 8:26\"}")
                                .arrived())
                .extracting(ArrivedRow::json)
                .containsExactly(
                        "{\"InvoiceNo\":\"536365\",\"Quantity\":6,\"InvoiceDate\":\"2010-12-01T08:26:00\",\"UnitPrice\":2.50,\"CustomerID\":null}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Quantity | -80995 | -80995",
                "Quantity | \"-80995\" | -80995",
                "Quantity | 6.0 | 6",
                "UnitPrice | 0.12345 | 0.12345",
                "UnitPrice | \"38970\" | 38970",
                "UnitPrice | 1e3 | 1000",
                "UnitPrice | -11062.06 | -11062.06",
                "UnitPrice | 0 | 0",
                "InvoiceNo | \"C536379\" | \"C536379\"",
                "InvoiceNo | \" £\\\"5\\n\" | \"£\\\"5\"",
                "InvoiceDate | \"2012-02-29 23:59\" | \"2012-02-29T23:59:00\"",
                "InvoiceDate | \"2/29/2012 0:00\" | \"2012-02-29T00:00:00\"",
                "InvoiceDate | \"2010-12-01\" | \"2010-12-01T00:00:00\"",
                "InvoiceDate | \"12/1/2010\" | \"2010-12-01T00:00:00\"",
                "InvoiceDate | \"12/1/2010 8:26:30\" | \"2010-12-01T08:26:30\"",
                "InvoiceDate | \"2010-12-01T08:26:03.5\" | \"2010-12-01T08:26:03.5\"",
                "InvoiceDate | \"2010-12-01T08:26:00+02:00\" | \"2010-12-01T06:26:00\"",
                "InvoiceDate | \"2010-12-01T08:26Z\" | \"2010-12-01T08:26:00\"",
                "CustomerID | 17850 | \"17850\"",
                "CustomerID | 17850.0 | \"17850\"",
                "CustomerID | \".0\" | \".0\"",
                "CustomerID | \"\" | null",
                "CustomerID | null | null",
            })
    void values_are_understood_as_programs_write_them(String field, String sent, String kept) throws Exception {
        assertThat(read(row(field, sent)).arrived())
                .singleElement()
                .extracting(ArrivedRow::json)
                .asString()
                .contains("\"" + field + "\":" + kept);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Quantity | 6.5 | Quantity is '6.5', which is not a whole number.",
                "Quantity | 2147483648 | Quantity is '2147483648', which is not between -2147483648 and 2147483647.",
                "Quantity | 1e999999999 | Quantity is '1E+999999999', which is not a number of at most 56 digits.",
                "Quantity | true | Quantity is true, which is neither text nor a number.",
                "Quantity | [6] | Quantity is an array, not a single value.",
                "Quantity | \"\" | Quantity is blank.",
                "Quantity | null | Quantity is blank.",
                "UnitPrice | \"2,55\" | UnitPrice is '2,55', which is not a number such as 12.50.",
                "UnitPrice | \"NaN\" | UnitPrice is 'NaN', which is not a number such as 12.50.",
                "InvoiceDate | \"2/30/2012 0:00\" | InvoiceDate is '2/30/2012 0:00', which is not a date and time such as 2010-12-01T08:26:00, or written M/d/yyyy[ H:mm[:ss]].",
                "InvoiceDate | \"13/1/2010 8:26\" | InvoiceDate is '13/1/2010 8:26', which is not a date and time such as 2010-12-01T08:26:00, or written M/d/yyyy[ H:mm[:ss]].",
                "InvoiceDate | \"+12010-12-01T08:26:00\" | InvoiceDate is '+12010-12-01T08:26:00', which is not of the years 1 to 9999.",
                "InvoiceNo | \"a\\u0000b\" | InvoiceNo holds a NUL character.",
                "InvoiceNo | \"\\ud800\" | InvoiceNo holds half of a character (an unpaired surrogate).",
                "Quantty | 6 | Quantty is not a column of this stream; did you mean Quantity?",
                "quantity | 7 | Quantity has two values.",
            })
    void a_value_that_its_column_cannot_hold_is_rejected_with_the_reason(String field, String sent, String reason)
            throws Exception {
        Rows rows = read(row(field, sent));
        assertThat(rows.arrived()).isEmpty();
        assertThat(rows.rejected()).singleElement().satisfies(rejected -> {
            assertThat(rejected.reason()).isEqualTo(reason);
            assertThat(rejected.number()).isEqualTo(7);
        });
    }

    @Test
    void rows_of_one_key_are_in_one_partition_whatever_its_type_and_blanks() throws Exception {
        assertThat(read(row("InvoiceNo", "536365")).arrived().get(0).partition())
                .isEqualTo(
                        read(row("InvoiceNo", "\" 536365 \"")).arrived().get(0).partition());
    }

    @Test
    void a_type_that_does_not_exist_is_named() {
        assertThatThrownBy(() -> new RowFormat(new RowStream(
                        "a", Map.of("a", "txt"), "", "", null, "", "", null, List.of(), null, null, null)))
                .isInstanceOf(Problem.class)
                .hasMessage(
                        "The type of the column a, 'txt', can't be used: it must start with one of the types text, integer,"
                                + " bigint, numeric, timestamp, date, boolean.");
    }

    @Test
    void numbers_of_rows_are_ranges_that_grow_together() {
        RowNumbers numbers = RowNumbers.of("{[0,3),[5,6)}");
        numbers.add(8);
        numbers.add(3);
        assertThat(numbers).hasToString("{[0,4),[5,6),[8,9)}");
        numbers.add(4);
        assertThat(numbers).hasToString("{[0,6),[8,9)}");
        numbers.add(2);
        assertThat(numbers).hasToString("{[0,6),[8,9)}");
        assertThat(numbers.contains(5)).isTrue();
        assertThat(numbers.contains(6)).isFalse();
    }
}
