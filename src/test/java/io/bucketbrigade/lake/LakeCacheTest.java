package io.bucketbrigade.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.lake.CacheFolder.Fetching;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of files of lakes in buckets. */
class LakeCacheTest {
    private static final int LENGTH = 100;

    private final AtomicInteger fetched = new AtomicInteger();

    @TempDir
    private Path place = Path.of("");

    private final Fetching fetching = to -> {
        fetched.incrementAndGet();
        Files.write(to, new byte[LENGTH]);
    };

    private LakeCache cache(int files) {
        return new LakeCache(place, (long) files * LENGTH);
    }

    private Path hold(CacheFolder folder, String name) throws IOException {
        return folder.hold("bucket/" + name, LENGTH, fetching);
    }

    /** The file was used some minutes ago. */
    private static Path used(Path file, int minutes) throws IOException {
        return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60L * minutes)));
    }

    private static List<String> unfinished(CacheFolder folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.unfinished())) {
            return files.map(Path::toString).toList();
        }
    }

    @Test
    void a_file_is_fetched_once_and_again_only_if_its_length_is_wrong() throws Exception {
        CacheFolder folder = cache(10).enter();
        Path file = hold(folder, "a");
        hold(folder, "a");
        assertThat(fetched).hasValue(1);

        Files.writeString(file, "cut off");
        hold(folder, "a");

        assertThat(fetched).hasValue(2);
        assertThat(file).hasSize(LENGTH);
    }

    @Test
    void it_is_found_again_by_the_next_process() throws Exception {
        LakeCache first = cache(10);
        hold(first.enter(), "a");
        first.leave();

        hold(cache(10).enter(), "a");

        assertThat(fetched).hasValue(1);
    }

    @Test
    void readers_who_need_a_file_at_once_fetch_it_once() throws Exception {
        CacheFolder folder = cache(10).enter();
        CountDownLatch all = new CountDownLatch(4);
        ExecutorService readers = Executors.newFixedThreadPool(4);
        try {
            List<Future<Path>> found = Stream.of(1, 2, 3, 4)
                    .map(reader -> readers.submit(() -> {
                        all.countDown();
                        all.await();
                        return hold(folder, "a");
                    }))
                    .toList();
            for (Future<Path> file : found) {
                assertThat(file.get()).hasSize(LENGTH);
            }
        } finally {
            readers.shutdownNow();
        }
        assertThat(fetched).hasValue(1);
    }

    @Test
    void the_least_recently_used_is_removed_but_none_in_use() throws Exception {
        CacheFolder folder = cache(3).enter();
        Path inUse = used(hold(folder, "in-use"), 4);
        Path old = used(hold(folder, "old"), 3);
        Path newer = used(hold(folder, "newer"), 2);
        folder.release(old);
        folder.release(newer);

        hold(folder, "another");
        assertThat(inUse).exists();
        assertThat(old).doesNotExist();
        assertThat(newer).exists();

        hold(folder, "yet-another");
        hold(folder, "more-than-there-is-room-for");
        assertThat(inUse).exists();
        assertThat(newer).doesNotExist();
    }

    @Test
    void what_could_not_be_fetched_leaves_nothing_and_is_tried_again() throws Exception {
        CacheFolder folder = cache(2).enter();
        Path other = hold(folder, "other");
        folder.release(other);
        for (int tried = 0; tried < 3; tried++) {
            assertThatThrownBy(() -> folder.hold("bucket/a", LENGTH, to -> {
                        Files.writeString(to, "half of i");
                        throw new IOException("away");
                    }))
                    .hasMessage("away");
        }
        assertThat(unfinished(folder)).isEmpty();
        assertThat(other).exists();

        assertThat(hold(folder, "a")).hasSize(LENGTH);
        assertThat(other).exists();
    }

    @Test
    void a_file_that_was_written_here_need_not_be_fetched() throws Exception {
        CacheFolder folder = cache(2).enter();
        Path written = Files.write(folder.unfinished().resolve("x"), new byte[LENGTH]);

        Path file = folder.adopt(written, "bucket/a");

        assertThat(hold(folder, "a")).isEqualTo(file).hasSize(LENGTH);
        assertThat(fetched).hasValue(0);
    }

    @Test
    void another_process_has_a_folder_of_its_own_and_what_a_killed_one_left_is_removed() throws Exception {
        LakeCache first = cache(10);
        CacheFolder one = first.enter();
        CacheFolder other = cache(10).enter();
        assertThat(other.files()).isNotEqualTo(one.files());

        Files.writeString(
                Files.createDirectories(one.unfinished().resolve("run")).resolve("half"), "half");
        first.leave();

        assertThat(unfinished(cache(10).enter())).isEmpty();
    }
}
