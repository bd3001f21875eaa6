package io.bucketbrigade.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFilesTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void what_a_killed_process_left_behind_is_removed_a_day_later_be_it_a_folder_and_younger_ones_stay()
            throws Exception {
        Path old = Files.createDirectories(folder.resolve("brigade-old"));
        Files.writeString(old.resolve("table.parquet"), "");
        Path young = Files.createDirectories(folder.resolve("brigade-young"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        Path made = new TemporaryFiles(folder).create("rows.csv");
        assertThat(made).exists();
        assertThat(young).exists();
        assertThat(old).doesNotExist();
    }
}
