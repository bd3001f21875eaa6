package io.bucketbrigade.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows and keys that are larger than any buffer, and the guard in front of other parsers. */
class RowsTest {
    private static KeyCount count(String text, int blockSize) throws IOException {
        ByteSource source = MemorySource.of(text);
        Header header = Header.read(source);
        KeyCount count = new KeyCount(source, header, header.index("id"), blockSize, 10);
        for (Iterator<Block> blocks = count.blocks(); blocks.hasNext(); ) {
            count.add(blocks.next().tally());
        }
        return count;
    }

    @Test
    void a_field_larger_than_any_buffer_is_passed_over_and_its_row_is_counted() throws IOException {
        String huge = "\"" + "x,\n\"\"".repeat(400_000) + "\"";
        for (int blockSize : new int[] {10_000, 4 * 1024 * 1024}) {
            KeyCount count =
                    count("id,text\na," + huge + "\nb,\nlong-" + "k".repeat(100) + "," + huge + "\n", blockSize);
            assertThat(count.rows()).isEqualTo(3);
            assertThat(count.rejects().rows()).isZero();
            assertThat(count.tally().size()).isEqualTo(3);
        }
    }

    @Test
    void a_key_longer_than_64_KiB_is_rejected_whatever_the_block_size() throws IOException {
        String key = "k".repeat(65_537);
        for (int blockSize : new int[] {100, 50_000, 4 * 1024 * 1024}) {
            KeyCount count =
                    count("id,text\n" + key + ",x\n" + key.repeat(10) + ",x\n\"" + key + "\",x\na,x\n", blockSize);
            assertThat(count.rows()).isEqualTo(4);
            assertThat(count.rejects().first()).hasSize(3).allMatch(row -> row.reason()
                    .contains("longer than 65536 bytes"));
        }
    }

    @Test
    void a_quote_that_never_closes_rejects_one_row_and_does_not_read_the_rest_for_every_block() throws IOException {
        KeyCount count = count("id,text\na,x\nb,\"open\n" + "c,x\n".repeat(100_000), 4096);
        assertThat(count.rows()).isEqualTo(2);
        assertThat(count.rejects().first()).singleElement().satisfies(row -> assertThat(row.line())
                .isEqualTo(3));
    }

    @Test
    void where_a_block_starts_is_nearly_always_guessed_rightly_in_an_ordinary_file() throws IOException {
        StringBuilder text = new StringBuilder("id,text\n");
        for (int row = 0; row < 20_000; row++) {
            text.append(row % 50).append(row % 3 == 0 ? ",\"one, two\n and \"\"three\"\"\"\n" : ",plain words only\n");
        }
        int blockSize = 1000;
        KeyCount count = count(text.toString(), blockSize);
        assertThat(count.rows()).isEqualTo(20_000);
        assertThat(count.blocksCountedAgain()).isLessThan(text.length() / blockSize / 20);
    }

    @Test
    void a_missing_column_is_told_with_the_line_of_the_header() throws IOException {
        Header header = Header.read(MemorySource.of("\n\na,b\n"));
        assertThatThrownBy(() -> header.index("c")).hasMessageStartingWith("messages.csv, line 3, column c: ");
    }

    private static RowGuard guard(String text) throws IOException {
        ByteSource source = MemorySource.of(text);
        return new RowGuard(source, Header.read(source));
    }

    @Test
    void the_guard_passes_rows_on_and_keeps_their_lines() throws IOException {
        RowGuard guard = guard("\na,b\n1,2\n\n\"x\ny\",4\n8,9");
        String passed = new String(guard.readAllBytes(), StandardCharsets.UTF_8);
        assertThat(passed).isEqualTo("1,2\n\n\"x\ny\",4\n8,9");
        assertThat(guard.linesBefore()).isEqualTo(2);
        assertThat(guard.rows()).isEqualTo(3);
    }

    @Test
    void the_guard_stops_at_the_first_bad_row() throws IOException {
        RowGuard guard = guard("a,b\n1,2\n3\n");
        assertThatThrownBy(guard::readAllBytes)
                .isInstanceOf(CsvException.class)
                .hasMessage("messages.csv, line 3: 1 field where the header has 2.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            value = {
                "first,user_id,last COMMA first|user_id|last 1",
                "first;user_id;last SEMICOLON first|user_id|last 1",
                "first~user_id~last TAB first|user_id|last 1",
                "first|user_id|last PIPE first|user_id|last 1",
                "sep=;^first,1;user_id SEMICOLON first,1|user_id 2",
                "^\"SEP=|\"^^first|user_id PIPE first|user_id 4",
                "\"a,b\";\"c,d\";USER_ID SEMICOLON a,b|c,d|USER_ID 1",
                ";;;^\"user.id\";x SEMICOLON user.id|x 2",
                "user_id COMMA user_id 1",
                "a|b|c,user_id COMMA a|b|c|user_id 1"
            })
    void the_separator_is_the_one_with_which_the_needed_column_is_found(
            String text, Separator separator, String columns, long line) throws IOException {
        Header header =
                Header.read(MemorySource.of(text.replace('~', '\t').replace('^', '\n') + "\n1\n"), List.of("user_id"));
        assertThat(header.separator()).isEqualTo(separator);
        assertThat(String.join("|", header.columns())).isEqualTo(columns);
        assertThat(header.line()).isEqualTo(line);
        assertThat(header.dataLine()).isEqualTo(line + 1);
    }

    @Test
    void where_no_separator_fits_it_is_said_which_were_tried() {
        assertThatThrownBy(() -> Header.read(MemorySource.of("user id;nick name\n"), List.of("user_id", "name")))
                .hasMessage(
                        "messages.csv, line 1, column name: this column is missing; the header has: user id, nick name."
                                + " It was read as semicolon-separated; comma, tab, pipe were tried too.");
        assertThatThrownBy(() -> Header.read(MemorySource.of("sep=^\nno id\n"), List.of("user_id")))
                .hasMessage(
                        "messages.csv, line 1: '^' is not a supported separator. Use comma, semicolon, tab or pipe.");
        assertThatThrownBy(() -> Header.read(MemorySource.of("User ID;user.id\n"), List.of("user_id")))
                .hasMessageContaining("there are two columns with this name");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "sep=;^user_id,name comma user_id,name",
                "sep=;^\"user_id\",\"name\" comma user_id,name",
                "^sep=,^^user_id;name semicolon user_id,name",
                "sep=|^user_id~name tab user_id,name",
                "sep=:^user_id,name comma user_id,name",
                "sep=;^a,b comma ''"
            })
    void a_line_that_names_another_separator_than_the_header_has_is_told(String text, String separator, String needed) {
        String file = text.replace('~', '\t').replace('^', '\n') + "\n1,2\n";
        List<String> columns = needed.isEmpty() ? List.of() : List.of(needed.split(",", -1));
        assertThatThrownBy(() -> Header.read(MemorySource.of(file), columns))
                .hasMessageMatching("messages.csv, line [24]: line [12] says sep=. but this header is " + separator
                        + "-separated\\. Remove that line, or name the separator of the header in it\\.");
    }

    @Test
    void a_line_that_names_the_separator_need_not_bring_all_columns() throws IOException {
        assertThatThrownBy(() -> Header.read(MemorySource.of("sep=;\nuser_id;x,name\n"), List.of("user_id", "name")))
                .hasMessageContaining("line 2, column name: this column is missing")
                .hasMessageContaining("read as semicolon-separated");
        assertThat(Header.read(MemorySource.of("sep=;\na;b,c,d\n")).columns()).containsExactly("a", "b,c,d");
    }

    @Test
    void a_header_without_end_is_none() {
        assertThatThrownBy(() -> Header.read(MemorySource.of("\"a,b\n".repeat(3))))
                .hasMessageContaining("the first row is not a header");
        assertThatThrownBy(() -> Header.read(MemorySource.of("x".repeat(3_000_000))))
                .hasMessageContaining("the first row is not a header");
    }
}
