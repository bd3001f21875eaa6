package io.bucketbrigade.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.csv.Block;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.KeyCount;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.registry.InputLocations;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Source;
import io.bucketbrigade.support.TestLocations;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class RawPagesTest {
    private static final ExecutorService COUNTING = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    @TempDir
    private Path folder = Path.of("");

    private static RawPages pages(Path place, int blockSize) {
        return pages(place, blockSize, COUNTING);
    }

    private static RawPages pages(Path place, int blockSize, ExecutorService counting) {
        Pipelines pipelines = Pipelines.read(List.of(TestService.HOME.resolve("routes")));
        return new RawPages(
                TestLocations.FOLDERS,
                new InputLocations(() -> pipelines, inputs -> place.toString(), marker -> place.toString()),
                blockSize,
                counting);
    }

    @Property(tries = 60)
    void any_page_holds_the_rows_that_stand_there_whatever_the_size_of_the_blocks(
            @ForAll @IntRange(max = 300) int count,
            @ForAll @IntRange(min = 30, max = 3000) int blockSize,
            @ForAll @IntRange(max = 310) int offset,
            @ForAll @IntRange(max = 40) int limit,
            @ForAll long seed)
            throws IOException {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder("message_id,author_id,content\n");
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            int kind = random.nextInt(10);
            String line = kind == 0
                    ? row + ",broken"
                    : row + ",a" + random.nextInt(5) + (kind < 4 ? ",\"two\nlines, \"\"" + row + "\"\"\"" : ",plain");
            text.append(line).append('\n');
            rows.add(
                    kind == 0
                            ? "[" + line + "] 2 fields where the header has 3"
                            : "[" + row + ", " + line.split(",", -1)[1] + ", "
                                    + (kind < 4 ? "two\nlines, \"" + row + "\"" : "plain") + "] null");
        }
        Path place = Files.createTempDirectory("pages");
        Files.writeString(place.resolve("messages.csv"), text);
        RawPages.Page page = pages(place, blockSize).page("leaderboard", "messages.csv", offset, limit);
        assertThat(page.rows()).isEqualTo(count);
        assertThat(page.data().stream().map(row -> row.fields() + " " + row.problem()))
                .containsExactlyElementsOf(rows.subList(Math.min(offset, count), Math.min(offset + limit, count)));
        Files.delete(place.resolve("messages.csv"));
        Files.delete(place);
    }

    @Test
    void a_changed_file_is_checked_again() throws IOException {
        Path file = folder.resolve("messages.csv");
        Files.writeString(file, "author_id\n1\n2\n");
        RawPages pages = pages(folder, 4096);
        assertThat(pages.page("leaderboard", "messages.csv", null, null).rows()).isEqualTo(2);
        Files.writeString(file, "author_id\n1\n2\n3\n");
        assertThat(pages.page("leaderboard", "messages.csv", 2, null)
                        .data()
                        .get(0)
                        .fields())
                .containsExactly("3");
    }

    @Test
    void what_a_run_has_counted_is_not_counted_again() throws IOException {
        Path file = folder.resolve("messages.csv");
        Files.writeString(file, "author_id,text\n" + "1,\"a\nb\"\n".repeat(5000));
        ExecutorService nobody = Executors.newSingleThreadExecutor();
        nobody.shutdown();
        RawPages pages = pages(folder, 4096, nobody);
        try (Inputs inputs = new Inputs()
                .with(
                        "messages.csv",
                        TestLocations.FOLDERS.of(folder.toString()).open("messages.csv"))) {
            Source source = inputs.get("messages.csv");
            KeyCount count = new KeyCount(source, Header.read(source), 0, 4096, 0);
            for (Iterator<Block> blocks = count.blocks(); blocks.hasNext(); ) {
                count.add(blocks.next().tally());
            }
            pages.takeOver("leaderboard", "messages.csv", inputs, count);
            assertThat(pages.rows("leaderboard", source.identity())).isEqualTo(5000);
        }
        assertThat(pages.page("leaderboard", "messages.csv", 4321, 1)
                        .data()
                        .get(0)
                        .line())
                .isEqualTo(2 + 2 * 4321);
    }

    @Test
    void what_is_not_there_or_not_known_is_said() {
        assertThatThrownBy(() -> pages(folder, 4096).page("leaderboard", "messages.csv", 0, 1))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> pages(folder, 4096).page("leaderboard", "letters.csv", 0, 1))
                .isInstanceOf(Problem.class)
                .hasMessage("letters.csv is not an input of leaderboard. Use messages.csv or users.csv.");
    }
}
