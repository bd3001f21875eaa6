package io.bucketbrigade.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] readAll(ReadAhead reader, int from, int to, int step) throws IOException {
        byte[] read = new byte[to - from];
        int at = 0;
        while (at < read.length) {
            int count = reader.read(from + at, read, at, Math.min(step, read.length - at));
            assertThat(count).isPositive();
            at += count;
        }
        return read;
    }

    @Property(tries = 100)
    void several_readers_of_parts_get_the_bytes_as_they_are_in_few_buffers(
            @ForAll @IntRange(min = 1, max = 5000) int length,
            @ForAll @IntRange(min = 1, max = 700) int piece,
            @ForAll @IntRange(max = 4) int ahead,
            @ForAll @IntRange(min = 1, max = 3) int readers,
            @ForAll @IntRange(min = 1, max = 300) int step,
            @ForAll long seed)
            throws Exception {
        byte[] bytes = bytes(length, seed);
        Map<Integer, byte[]> buffers = new ConcurrentHashMap<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (ReadAhead reader = new ReadAhead(
                length,
                piece,
                ahead,
                readers,
                (into, from, count) -> {
                    buffers.put(System.identityHashCode(into), into);
                    System.arraycopy(bytes, (int) from, into, 0, count);
                },
                threads)) {
            int part = length / readers + 1;
            List<Future<byte[]>> parts = IntStream.range(0, readers)
                    .mapToObj(number -> threads.submit(() -> readAll(
                            reader, Math.min(length, number * part), Math.min(length, (number + 1) * part), step)))
                    .toList();
            int at = 0;
            for (Future<byte[]> read : parts) {
                for (byte b : read.get()) {
                    assertThat(b).isEqualTo(bytes[at++]);
                }
            }
            assertThat(at).isEqualTo(length);
            assertThat(reader.read(length, new byte[1], 0, 1)).isEqualTo(-1);
        } finally {
            threads.shutdownNow();
        }
        assertThat(buffers.size()).isLessThanOrEqualTo(ahead + 2 * readers + 1);
    }

    /** As counting reads: parts in the order of the file, each to the end of the row that begins in it, some slowly. */
    @Property(tries = 100)
    void readers_that_fall_behind_and_look_into_the_next_part_need_no_more_buffers(
            @ForAll @IntRange(min = 1, max = 20) int piece,
            @ForAll @IntRange(max = 4) int ahead,
            @ForAll @IntRange(min = 1, max = 4) int readers,
            @ForAll @IntRange(min = 1, max = 60) int part,
            @ForAll @IntRange(max = 40) int beyond,
            @ForAll long seed)
            throws Exception {
        int length = 3000;
        byte[] bytes = bytes(length, seed);
        Map<Integer, byte[]> buffers = new ConcurrentHashMap<>();
        AtomicInteger next = new AtomicInteger();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (ReadAhead reader = new ReadAhead(
                length,
                piece,
                ahead,
                readers,
                (into, from, count) -> {
                    buffers.put(System.identityHashCode(into), into);
                    System.arraycopy(bytes, (int) from, into, 0, count);
                },
                threads)) {
            List<Future<Integer>> done = IntStream.range(0, readers)
                    .mapToObj(number -> threads.submit(() -> {
                        Random random = new Random(seed + number);
                        int count = 0;
                        for (int from = next.getAndAdd(part); from < length; from = next.getAndAdd(part)) {
                            if (random.nextInt(10) == 0) {
                                LockSupport.parkNanos(100_000);
                            }
                            int to = Math.min(length, from + part + random.nextInt(beyond + 1));
                            assertThat(readAll(reader, from, to, 7)).isEqualTo(Arrays.copyOfRange(bytes, from, to));
                            count++;
                        }
                        return count;
                    }))
                    .toList();
            int parts = 0;
            for (Future<Integer> count : done) {
                parts += count.get(20, TimeUnit.SECONDS);
            }
            assertThat(parts).isEqualTo((length + part - 1) / part);
        } finally {
            threads.shutdownNow();
        }
        assertThat(buffers.size()).isLessThanOrEqualTo(ahead + 2 * readers + 1);
    }

    @Test
    void a_piece_is_fetched_once_though_many_reads_take_it() throws IOException {
        AtomicInteger fetched = new AtomicInteger();
        ReadAhead reader =
                new ReadAhead(1000, 100, 2, 1, (into, from, count) -> fetched.incrementAndGet(), Runnable::run);
        readAll(reader, 0, 1000, 7);
        assertThat(fetched).hasValue(10);
    }

    @Test
    void what_could_not_be_fetched_is_said_to_who_reads_it_and_tried_again_by_the_next() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        ReadAhead reader = new ReadAhead(
                10,
                10,
                2,
                1,
                (into, from, count) -> {
                    if (tries.getAndIncrement() == 0) {
                        throw new IllegalStateException("away");
                    }
                    into[0] = 7;
                },
                Runnable::run);
        byte[] read = new byte[10];
        assertThatThrownBy(() -> reader.read(0, read, 0, 10)).hasMessage("away");
        assertThat(reader.read(0, read, 0, 10)).isEqualTo(10);
        assertThat(read[0]).isEqualTo((byte) 7);
    }
}
