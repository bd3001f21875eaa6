package io.bucketbrigade.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.MemorySource;
import io.bucketbrigade.csv.RowGuard;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The line in a reason is the line that an editor shows. */
class NumberedRowsTest {
    private static RowGuard guard(String text) throws IOException {
        MemorySource source =
                new MemorySource("users.csv", text.getBytes(StandardCharsets.ISO_8859_1), Integer.MAX_VALUE);
        return new RowGuard(source, Header.read(source));
    }

    private static List<NumberedRow> rows(RowGuard guard) throws IOException {
        List<NumberedRow> rows = new ArrayList<>();
        try (CSVParser parser =
                CSVParser.parse(new InputStreamReader(guard, StandardCharsets.ISO_8859_1), CSVFormat.DEFAULT)) {
            for (CSVRecord row : parser) {
                rows.add(new NumberedRows().convertRecord(row));
            }
        }
        return rows;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a,b~1,2~3,4~|2 3",
                "a,b~1,2~3,4|2 3",
                "a,b~1,2~~~3,4~~|2 5",
                "~a,b~~1,2|4",
                "a,b~\"x~y\",2~3,4|2 4",
                "a,b~\"x~~y\",\"~\"~3,\"4\"|2 6",
                "\"a~a\",b~1,2|3"
            })
    void rows_have_the_line_they_start_on(String text, String lines) throws IOException {
        for (String newline : List.of("\n", "\r\n")) {
            RowGuard guard = guard(text.replace("~", newline));
            List<String> found = rows(guard).stream()
                    .map(row -> Long.toString(guard.linesBefore() + row.line()))
                    .toList();
            assertThat(String.join(" ", found))
                    .as(text + " with " + newline.length())
                    .isEqualTo(lines);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,fine", "1,broken"})
    void text_is_strict_only_where_it_is_used(int column, String which) throws IOException {
        RowGuard guard = guard("a,b\nok,Ren\u00e9\n");
        NumberedRow row = rows(guard).get(0);
        if (which.equals("fine")) {
            assertThat(row.text(column, guard.header(), guard.linesBefore())).isEqualTo("ok");
        } else {
            assertThatThrownBy(() -> row.text(column, guard.header(), guard.linesBefore()))
                    .hasMessage(
                            "users.csv, line 2, column b: these bytes are not UTF-8. Save the file as CSV in UTF-8.");
        }
    }
}
