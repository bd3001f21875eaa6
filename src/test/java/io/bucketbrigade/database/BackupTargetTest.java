package io.bucketbrigade.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.problems.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTargetTest {
    @TempDir
    private Path folder = Path.of("");

    private void refused(Path target, String why) {
        assertThatThrownBy(() -> new Backups(folder.resolve("postgres"), "").write(target, true))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(why);
    }

    @Test
    void what_is_not_an_ordinary_file_is_never_replaced() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        refused(Files.createSymbolicLink(folder.resolve("link"), file), "link exists and is not an ordinary file.");
        refused(
                Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("none")),
                "dangling exists and is not an ordinary file.");
        assertThat(file).hasContent("x");
    }

    @Test
    void a_backup_is_not_written_among_the_data_that_it_is_of() throws Exception {
        Path data = Files.createDirectories(folder.resolve("postgres"));
        refused(data.resolve("inside"), "would be among the data of the database");
        assertThat(data).isEmptyDirectory();
    }
}
