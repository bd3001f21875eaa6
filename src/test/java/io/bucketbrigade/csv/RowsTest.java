package io.bucketbrigade.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.junit.jupiter.api.Test;

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
        for (int blockSize : new int[] {1000, 4 * 1024 * 1024}) {
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
        for (int blockSize : new int[] {10, 50_000, 4 * 1024 * 1024}) {
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

    @Test
    void a_header_without_end_is_none() {
        assertThatThrownBy(() -> Header.read(MemorySource.of("\"a,b\n".repeat(3))))
                .hasMessageContaining("the first row is no header");
        assertThatThrownBy(() -> Header.read(MemorySource.of("x".repeat(3_000_000))))
                .hasMessageContaining("the first row is no header");
    }
}
