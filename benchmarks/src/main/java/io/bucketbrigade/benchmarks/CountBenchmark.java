package io.bucketbrigade.benchmarks;

import io.bucketbrigade.csv.Block;
import io.bucketbrigade.csv.ByteSource;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.KeyCount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Scanning and counting alone: 200 000 rows in memory, one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CountBenchmark {
    private static final int ROWS = 200_000;

    /** What the authors are called. */
    @Param({"numbers", "uuids"})
    public String ids;

    /** What the contents are like. */
    @Param({"plain", "quoted"})
    public String contents;

    private Memory source;
    private Header header;

    @Setup
    public void write() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder text = new StringBuilder("message_id,author_id,received_at,content\n");
        for (int row = 0; row < ROWS; row++) {
            double r = random.nextDouble();
            long author = 1 + (long) (100_000 * r * r * r);
            text.append(row).append(',').append(ids.equals("uuids") ? Data.uuid(author) : Long.toString(author));
            text.append(",2026-03-02T08:00:00Z,");
            String words = "thank you again for the delivery ".repeat(1 + random.nextInt(5));
            text.append(contents.equals("quoted") ? '"' + words + ",\n \"\"so\"\"\"" : words)
                    .append('\n');
        }
        source = new Memory(text.toString().getBytes(StandardCharsets.UTF_8));
        header = Header.read(source);
    }

    @Benchmark
    public long count() throws IOException {
        KeyCount count = new KeyCount(source, header, 1, 4 << 20, 1000);
        for (Iterator<Block> blocks = count.blocks(); blocks.hasNext(); ) {
            count.add(blocks.next().tally());
        }
        return count.tally().size();
    }

    private static final class Memory implements ByteSource {
        private final byte[] bytes;

        Memory(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public String name() {
            return "messages.csv";
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) {
            int count = (int) Math.min(length, bytes.length - position);
            if (count <= 0) {
                return -1;
            }
            System.arraycopy(bytes, (int) position, into, offset, count);
            return count;
        }
    }
}
