package io.bucketbrigade.csv;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class KeyCountPropertyTest {
    private static final String HEADER = "message_id,author_id,content";

    @Property(tries = 1500)
    void well_formed_files_count_as_FastCSV_reads_them_whatever_the_block_size(
            @ForAll("wellFormed") String data,
            @ForAll("newline") String newline,
            @ForAll @IntRange(min = 1, max = 40) int blockSize,
            @ForAll("bytesPerRead") int bytesPerRead,
            @ForAll long seed)
            throws IOException {
        String text = HEADER + newline + data;
        Map<String, Long> expected = new TreeMap<>();
        long rows = 0;
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(data)) {
            for (CsvRecord row : reader) {
                rows++;
                expected.merge(row.getField(1), 1L, Long::sum);
            }
        }
        KeyCount count = count(text, blockSize, bytesPerRead, seed);
        assertThat(counts(count)).isEqualTo(expected);
        assertThat(count.rows()).isEqualTo(rows);
        assertThat(count.rejects().rows()).isZero();
    }

    @Property(tries = 3000)
    void any_soup_of_quotes_and_separators_counts_and_rejects_as_the_plain_twin_does(
            @ForAll("soup") String soup,
            @ForAll Separator separator,
            @ForAll boolean separatorLine,
            @ForAll @IntRange(min = 1, max = 30) int blockSize,
            @ForAll("bytesPerRead") int bytesPerRead,
            @ForAll long seed)
            throws IOException {
        char symbol = (char) separator.symbol();
        String header = (separatorLine ? "sep=" + symbol + "\n" : "") + HEADER.replace(',', symbol) + "\n";
        String text = header + soup.replace(',', symbol);
        PlainCount plain = new PlainCount(text, symbol, 1, List.of(HEADER.split(",", -1)), header.length());
        KeyCount count = count(text, blockSize, bytesPerRead, seed);
        assertThat(counts(count)).isEqualTo(plain.counts);
        assertThat(count.rows()).isEqualTo(plain.rows);
        assertThat(count.rejects().rows()).isEqualTo(plain.rejected.size());
        assertThat(count.rejects().first().stream()
                        .map(KeyCountPropertyTest::short_)
                        .toList())
                .isEqualTo(plain.rejected);
        assertThat(count.tally().sum() + count.rejects().rows()).isEqualTo(count.rows());
    }

    private static String short_(Rejected row) {
        String reason = row.reason();
        String kind = reason.startsWith("a quote")
                ? "open quote"
                : reason.startsWith("there is text")
                        ? "text after quote"
                        : reason.endsWith("is blank")
                                ? "blank"
                                : reason.contains("where the header")
                                        ? "fields"
                                        : reason.startsWith("this is the header again")
                                                ? "header"
                                                : reason.endsWith("stands for a missing value") ? "missing" : reason;
        return row.line() + " " + kind;
    }

    /** Tallies the blocks in a random order, as threads might, and adds them so. */
    static KeyCount count(String text, int blockSize, int bytesPerRead, long seed) throws IOException {
        ByteSource source = new MemorySource("messages.csv", text.getBytes(StandardCharsets.UTF_8), bytesPerRead);
        Header header = Header.read(source);
        KeyCount count = new KeyCount(source, header, header.index("author_id"), blockSize, 1000);
        List<Block> blocks = new ArrayList<>();
        for (Iterator<Block> all = count.blocks(); all.hasNext(); ) {
            blocks.add(all.next());
        }
        Collections.shuffle(blocks, new Random(seed));
        for (Block block : blocks) {
            count.add(block.tally());
        }
        return count;
    }

    static Map<String, Long> counts(KeyCount count) {
        Map<String, Long> counts = new TreeMap<>();
        Tally tally = count.tally();
        for (int place = tally.next(-1); place >= 0; place = tally.next(place)) {
            counts.put(tally.key(place), tally.count(place));
        }
        assertThat(counts).hasSize(tally.size());
        return counts;
    }

    @Provide
    Arbitrary<String> newline() {
        return Arbitraries.of("\n", "\r\n", "\r");
    }

    @Provide
    Arbitrary<String> wellFormed() {
        Arbitrary<String> id = Arbitraries.of(
                "1",
                "2",
                "007",
                "7",
                "12345678",
                "123456789",
                "5f2b6e0c-9a41-4c1e-8f3a-2f1d0c9b8a77",
                "5f2b6e0c-9a41-4c1e-8f3a-2f1d0c9b8a78",
                "é",
                "a b",
                "x,y",
                "say \"hi\"",
                "two\nlines",
                "名前",
                "-1",
                "#",
                "'");
        Arbitrary<String> content =
                Arbitraries.strings().withChars("ab ,\"\n'é").ofMaxLength(30);
        Arbitrary<String> row = Combinators.combine(id, content, Arbitraries.of(true, false))
                .as((author, words, always) -> "9," + quoted(author, always) + "," + quoted(words, always));
        Arbitrary<Boolean> lastNewline = Arbitraries.of(true, false);
        return Combinators.combine(row.list().ofMaxSize(25), newline(), lastNewline)
                .as((rows, newline, ends) -> String.join(newline, rows) + (ends && !rows.isEmpty() ? newline : ""));
    }

    private static String quoted(String value, boolean always) {
        boolean needed = value.contains(",") || value.contains("\"") || value.contains("\n");
        return always || needed ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }

    /** Few bytes at a time move the window about; all at once let plain rows be counted the fast way. */
    @Provide
    Arbitrary<Integer> bytesPerRead() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(1, 60), Arbitraries.just(200), Arbitraries.just(Integer.MAX_VALUE));
    }

    /** CR only before LF or as a row's end, because the twin counts lines simply. */
    @Provide
    Arbitrary<String> soup() {
        return Arbitraries.of(
                        "1",
                        "22",
                        "123456789",
                        ",",
                        ",",
                        ",",
                        "\"",
                        "\"\"",
                        "\n",
                        "\r\n",
                        " ",
                        "ab",
                        "1,2,3\n",
                        "4,5,\"six\"\n",
                        "7,8,nine,\n",
                        "7,8,nine,,\r\n",
                        "7, \"8\",nine\n",
                        "7,\u00a08 ,nine\n",
                        HEADER + "\n",
                        "\ufeffMessage ID,\"Author.Id\",Content\n",
                        "7,author_id,nine\n",
                        ",,\n",
                        "\t",
                        "\u00a0",
                        ";",
                        "|",
                        "é",
                        "NaN",
                        "7,NULL,nine\n",
                        "7, \\N ,nine\n",
                        "7,\"None\",nine\n",
                        "7,NaNa,nine\n")
                .list()
                .ofMaxSize(60)
                .map(parts -> String.join("", parts));
    }
}
