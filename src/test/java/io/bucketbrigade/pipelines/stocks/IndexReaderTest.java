package io.bucketbrigade.pipelines.stocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class IndexReaderTest {
    private static IndexReader read(String index) {
        return new IndexReader("top_companies.txt", index.getBytes(StandardCharsets.UTF_8));
    }

    /** Which took minutes when the end of the line was looked for at each name. */
    @Test
    void a_megabyte_in_one_line_is_read() {
        assertThat(read("'acme.us.csv',".repeat(75_000)).names()).hasSize(75_000);
        assertThat(read(",".repeat(1 << 20)).names()).isEmpty();
    }

    @Test
    void lines_are_counted_however_they_end() {
        for (String lineEnd : new String[] {"\n", "\r\n", "\r"}) {
            assertThatThrownBy(() -> read("'a.csv'," + lineEnd + "'b.csv'," + lineEnd + " c.csv"))
                    .hasMessageStartingWith("top_companies.txt, line 3, character 2: c.csv is outside of quotes.");
        }
    }
}
