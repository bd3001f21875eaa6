package io.bucketbrigade.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordsTest {
    private static Records records(String text, int bytesPerRead) throws IOException {
        MemorySource source = new MemorySource("users.csv", text.getBytes(StandardCharsets.ISO_8859_1), bytesPerRead);
        return new Records(source, Header.read(source), 10);
    }

    @Property(tries = 500)
    void fields_are_those_that_FastCSV_reads(@ForAll("rows") List<List<String>> rows, @ForAll("reads") int bytesPerRead)
            throws IOException {
        String text = "one,two\n"
                + rows.stream()
                        .map(row -> row.stream().map(RecordsTest::quoted).collect(Collectors.joining(",")))
                        .collect(Collectors.joining("\n"));
        List<List<String>> expected = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(text)) {
            reader.stream().skip(1).forEach(row -> expected.add(row.getFields()));
        }
        Records records = records(text, bytesPerRead);
        List<List<String>> read = new ArrayList<>();
        while (records.next()) {
            read.add(List.of(records.text(0), records.text(1)));
        }
        assertThat(read).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1,plain|true",
                "\"1\",\"a, b\"|true",
                "1,\"doubled \"\" quote\"|true",
                "1,\"two~lines\"|true",
                "1,\"\"|true",
                "1,a \" in it|false",
                "1,\"a return \r in it\"|false",
                "1,\"a zero \0 in it\"|false",
                "1,caf\u00e9|false"
            })
    void a_row_is_unambiguous_in_ascii_with_quotes_only_around_fields(String row, boolean isUnambiguous)
            throws IOException {
        Records records = records("one,two\n" + row.replace('~', '\n') + "\n1,2\n", 100);
        assertThat(records.next()).isTrue();
        assertThat(records.isUnambiguous()).isEqualTo(isUnambiguous);
        assertThat(records.next()).isTrue();
        assertThat(records.isUnambiguous()).isTrue();
    }

    private static String quoted(String field) {
        return field.isBlank() || field.matches(".*[,\"\n].*|(?s).*\n.*")
                ? '"' + field.replace("\"", "\"\"") + '"'
                : field;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a,b~1,2~3,4~|2 3",
                "a,b~1,2~~~3,4~~|2 5",
                "~a,b~~1,2|4",
                "a,b~\"x~y\",2~3,4|2 4",
                "a,b~1~2~3,4~5,6,7~8,9|4 6",
                "\"a~a\",b~1,2|3"
            })
    void rows_have_the_line_they_start_on(String text, String lines) throws IOException {
        for (String newline : List.of("\n", "\r\n")) {
            Records records = records(text.replace("~", newline), Integer.MAX_VALUE);
            List<String> found = new ArrayList<>();
            while (records.next()) {
                found.add(Long.toString(records.line()));
            }
            assertThat(String.join(" ", found)).isEqualTo(lines);
        }
    }

    @Test
    void broken_rows_are_rejected_and_remembered_with_their_lines() throws IOException {
        Records records = records("\na,b\n1,2\n\n3\n\"x\ny\",4\n5,\"6\"7\n8,9", Integer.MAX_VALUE);
        while (records.next()) {
            if (records.text(0).equals("8")) {
                records.reject("nobody wants an eight");
            }
        }
        assertThat(records.rows()).isEqualTo(5);
        assertThat(records.rejects().first()).extracting(Rejected::line).containsExactly(5L, 8L, 9L);
        assertThat(records.rejects().first().get(2).text()).isEqualTo("8,9");
    }

    @Test
    void a_row_longer_than_any_buffer_is_read_and_one_beyond_the_bound_is_rejected() throws IOException {
        String large = "x\"\"\n".repeat(200_000);
        Records records =
                records("a,b\n1,\"" + large + "\"\n2," + "y".repeat(Records.LONGEST) + "\n3,z\n", Integer.MAX_VALUE);
        assertThat(records.next()).isTrue();
        assertThat(records.text(1)).isEqualTo(large.replace("\"\"", "\""));
        assertThat(records.next()).isTrue();
        assertThat(records.text(0)).isEqualTo("3");
        assertThat(records.rejects().first()).singleElement().satisfies(row -> assertThat(row.reason())
                .contains("longer than"));
    }

    @Test
    void what_is_not_utf_8_is_read_as_windows_1252_and_noted_where_it_is_asked_for() throws IOException {
        Records records = records(
                "a,b\nok,Ren\u00e9\n\u0080uro,\u0093hi\u0094\nx,\u0081\nlast,\u00c3\u00a9\n", Integer.MAX_VALUE);
        assertThat(records.next()).isTrue();
        assertThat(records.text(0)).isEqualTo("ok");
        assertThat(records.remarks()).isEmpty();
        assertThat(records.text(1)).isEqualTo("René");
        assertThat(records.next()).isTrue();
        assertThat(records.text(0) + records.text(1)).isEqualTo("€uro“hi”");
        assertThat(records.next()).isTrue();
        assertThat(records.text(1)).isEqualTo("\u0081");
        assertThat(records.next()).isTrue();
        assertThat(records.text(1)).isEqualTo("é");
        assertThat(records.remarks()).containsExactly(entry("rows of users.csv with text read as Windows-1252", 3L));
    }

    @Test
    void the_header_again_and_lines_of_separators_alone_are_told_and_passed_over() throws IOException {
        Records records =
                records("a;b c\n1;2\n;\nA;\"B_C\"\na;2\n \n3;4;\n\u00ef\u00bb\u00bfa;b.c;\n", Integer.MAX_VALUE);
        List<String> read = new ArrayList<>();
        while (records.next()) {
            read.add(records.text(0) + records.text(1));
        }
        assertThat(read).containsExactly("12", "a2", "34");
        assertThat(records.rows()).isEqualTo(5);
        assertThat(records.rejects().first())
                .extracting(Rejected::line, Rejected::reason)
                .containsExactly(
                        tuple(4L, "this is the header again; were two files joined?"),
                        tuple(8L, "this is the header again; were two files joined?"));
        assertThat(records.remarks())
                .containsExactly(
                        entry("rows of users.csv read as semicolon-separated", 5L),
                        entry("rows of users.csv with empty columns at the end", 1L),
                        entry("lines without any value in users.csv", 1L));
    }

    @Test
    void a_column_without_a_name_at_the_end_is_told() throws IOException {
        Records records = records("a,b,\n1,2,\n", Integer.MAX_VALUE);
        assertThat(records.next()).isTrue();
        assertThat(records.next()).isFalse();
        assertThat(records.remarks()).containsExactly(entry("columns without a name at the end of users.csv", 1L));
    }

    @Provide
    Arbitrary<List<List<String>>> rows() {
        return Arbitraries.strings()
                .withChars("ab ,\"\n'")
                .ofMaxLength(12)
                .list()
                .ofSize(2)
                .list()
                .ofMaxSize(15);
    }

    @Provide
    Arbitrary<Integer> reads() {
        return Arbitraries.oneOf(Arbitraries.integers().between(1, 20), Arbitraries.just(Integer.MAX_VALUE));
    }
}
