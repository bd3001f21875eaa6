package io.bucketbrigade.csv;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bucketbrigade.problems.Problem;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Any bytes at all where messages.csv, users.csv or a result should be. In a build the seeds are tried; a hunt, guided by what
 * the code does with its input, goes on until it is stopped:
 * {@code JAZZER_FUZZ=1 ./mvnw test -Dtest=CsvFuzzTest#any_bytes_count_alike_however_they_are_cut}
 */
class CsvFuzzTest {
    private static final int WHOLE = 1 << 20;

    @FuzzTest(maxDuration = "2m")
    void any_bytes_count_alike_however_they_are_cut(byte[] bytes) throws IOException {
        assertThat(outcome(bytes, 1, 1)).isEqualTo(outcome(bytes, WHOLE, WHOLE));
        assertThat(outcome(bytes, 7, 3)).isEqualTo(outcome(bytes, WHOLE, WHOLE));
    }

    /** Counts and rejected rows, or what was said instead. */
    private static List<Object> outcome(byte[] bytes, int blockSize, int bytesPerRead) throws IOException {
        try {
            ByteSource source = new MemorySource("messages.csv", bytes, bytesPerRead);
            Header header = Header.read(source);
            KeyCount count = new KeyCount(source, header, 0, blockSize, WHOLE);
            for (Iterator<Block> blocks = count.blocks(); blocks.hasNext(); ) {
                count.add(blocks.next().tally());
            }
            Map<String, Long> counts = KeyCountPropertyTest.counts(count);
            assertThat(count.tally().sum() + count.rejects().rows()).isEqualTo(count.rows());
            return List.of(count.rows(), counts, count.rejects().first().toString());
        } catch (CsvException | Problem said) {
            assertThat(said.getMessage()).isNotBlank();
            return List.of(String.valueOf(said.getMessage()));
        }
    }

    @FuzzTest(maxDuration = "2m")
    void any_bytes_have_as_many_rows_read_one_by_one_as_counted(byte[] bytes) throws IOException {
        try {
            ByteSource source = new MemorySource("users.csv", bytes, 5);
            Header header = Header.read(source);
            Records records = new Records(source, header, WHOLE);
            long accepted = 0;
            while (records.next()) {
                accepted++;
                for (int column = 0; column < header.columns().size(); column++) {
                    assertThat(records.text(column)).isNotNull();
                }
            }
            KeyCount count = new KeyCount(source, header, 0, WHOLE, WHOLE);
            for (Iterator<Block> blocks = count.blocks(); blocks.hasNext(); ) {
                count.add(blocks.next().tally());
            }
            assertThat(accepted + records.rejects().rows()).isEqualTo(count.rows());
        } catch (CsvException | Problem said) {
            assertThat(said.getMessage()).isNotBlank();
        }
    }
}
