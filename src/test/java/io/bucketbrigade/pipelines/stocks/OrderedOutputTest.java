package io.bucketbrigade.pipelines.stocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderedOutputTest {
    private static final byte[] ROW = "0123456789abcdef\n".repeat(60).getBytes(StandardCharsets.US_ASCII);

    private static void write(OrderedOutput output, int number, int rows, boolean keep) throws IOException {
        try (OrderedOutput.Part part = output.part(number)) {
            byte[] row = (number + ":").getBytes(StandardCharsets.US_ASCII);
            for (int count = 0; count < rows; count++) {
                part.write(row, row.length);
                part.write(ROW, ROW.length);
            }
            if (keep) {
                part.keep();
            }
        }
    }

    /** Parts up to twice as large as what may be gathered, written by four, some of them dropped in the end. */
    @Property(tries = 60)
    void parts_written_side_by_side_keep_their_order_and_those_dropped_are_gone(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int parts) throws Exception {
        Random random = new Random(seed);
        Path file = Files.createTempFile("ordered", ".csv");
        ExecutorService writers = Executors.newFixedThreadPool(4);
        StringBuilder expected = new StringBuilder();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            OrderedOutput output = new OrderedOutput(channel, 1 << 20);
            List<Future<?>> all = new ArrayList<>();
            for (int part = 0; part < parts; part++) {
                int number = part;
                int rows = random.nextInt(random.nextInt(4) == 0 ? 2000 : 100);
                boolean keep = random.nextInt(4) > 0;
                if (keep) {
                    expected.append((number + ":" + new String(ROW, StandardCharsets.US_ASCII)).repeat(rows));
                }
                all.add(writers.submit(() -> {
                    write(output, number, rows, keep);
                    return number;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            writers.shutdownNow();
        }
        assertThat(Files.readString(file)).isEqualTo(expected.toString());
        Files.delete(file);
    }

    @Test
    void nobody_waits_for_a_part_that_will_never_be_there(@TempDir Path folder) throws Exception {
        try (FileChannel channel =
                FileChannel.open(folder.resolve("x"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            OrderedOutput output = new OrderedOutput(channel, 1000);
            output.giveUp(new IOException("no room"));
            assertThatThrownBy(() -> write(output, 1, 1000, true))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no room");
        }
    }
}
