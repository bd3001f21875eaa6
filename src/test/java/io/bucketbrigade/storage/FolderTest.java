package io.bucketbrigade.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.storage.Location.Prepared;
import io.bucketbrigade.support.TestLocations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTest {
    @TempDir
    private Path path = Path.of("");

    private Location folder() {
        return TestLocations.FOLDERS.of(path.toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void only_regular_files_of_the_named_are_seen() throws IOException {
        Files.writeString(path.resolve("a.csv"), "12345");
        Files.writeString(path.resolve("other.csv"), "x");
        Files.createDirectory(path.resolve("b.csv"));
        assertThat(folder().list(List.of("a.csv", "b.csv", "c.csv")))
                .singleElement()
                .satisfies(seen -> assertThat(seen.size()).isEqualTo(5));
    }

    @Test
    void a_name_that_no_file_can_have_is_said_in_words() {
        for (String name : List.of("a\0b.csv", "\0")) {
            assertThatThrownBy(() -> folder().open(name))
                    .isInstanceOfSatisfying(
                            Problem.class, problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.INPUT))
                    .hasMessageContaining("is not a valid file name here: it contains a NUL character");
            assertThatThrownBy(() -> folder().list(List.of(name))).isInstanceOf(Problem.class);
            assertThatThrownBy(() -> TestLocations.FOLDERS.of(path + name)).isInstanceOf(Problem.class);
            assertThatThrownBy(() -> TestLocations.FOLDERS.open(path + name)).isInstanceOf(Problem.class);
        }
    }

    @Test
    void the_old_file_stays_until_the_new_one_is_published_whole() throws IOException {
        Path target = Files.writeString(path.resolve("r.csv"), "old");
        Prepared prepared = folder().prepare("r.csv", "1", out -> out.write(bytes("new")));
        assertThat(target).hasContent("old");
        prepared.publish();
        prepared.discard();
        assertThat(target).hasContent("new");
        assertThat(path).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void a_writer_that_fails_leaves_nothing() throws IOException {
        Path target = Files.writeString(path.resolve("r.csv"), "old");
        assertThatThrownBy(() -> folder().prepare("r.csv", "1", out -> {
                    out.write(bytes("half"));
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        assertThat(target).hasContent("old");
        assertThat(path).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void what_a_killed_process_left_is_removed_after_an_hour() throws IOException {
        Path old = Files.writeString(path.resolve(".r.csv.7.part"), "half");
        Path young = Files.writeString(path.resolve(".r.csv.8.part"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(7200)));
        folder().prepare("r.csv", "9", out -> out.write(bytes("new"))).publish();
        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void an_open_file_tells_when_another_lies_in_its_place_and_still_reads_the_old_one() throws IOException {
        Path file = Files.writeString(path.resolve("a.csv"), "old");
        try (Source source = folder().open("a.csv")) {
            assertThat(source.changed()).isFalse();
            Path other = Files.writeString(path.resolve("b.csv"), "newer");
            Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            assertThat(source.changed()).isTrue();
            byte[] read = new byte[3];
            assertThat(source.read(0, read, 0, 3)).isEqualTo(3);
            assertThat(new String(read, StandardCharsets.UTF_8)).isEqualTo("old");
            assertThat(source.read(3, read, 0, 3)).isEqualTo(-1);
            Files.delete(file);
            assertThat(source.changed()).isTrue();
        }
    }

    @Test
    void an_open_file_tells_that_it_was_rewritten_with_the_same_size_and_time() throws IOException {
        FileTime time = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        Path file = Files.writeString(path.resolve("a.csv"), "one");
        Files.setLastModifiedTime(file, time);
        Path other = Files.writeString(path.resolve("b.csv"), "two");
        Files.setLastModifiedTime(other, time);
        try (Source source = folder().open("a.csv")) {
            Files.writeString(file, "six");
            Files.setLastModifiedTime(file, time);
            assertThat(source.changed()).isTrue();
        }
        try (Source source = folder().open("a.csv")) {
            assertThat(source.changed()).isFalse();
            Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            assertThat(source.changed()).isTrue();
        }
    }

    @Test
    void a_location_that_is_no_folder_is_said() {
        assertThatThrownBy(() -> TestLocations.FOLDERS.of("ftp://host/folder"))
                .hasMessage(
                        "ftp://host/folder can't be used: a folder is needed, or a bucket written s3://bucket/prefix.");
    }
}
