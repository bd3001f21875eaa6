package io.bucketbrigade.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bucketbrigade.support.TestLocations;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeFilesTest {
    private static final byte[] BYTES = "all of it".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void a_file_of_which_a_part_could_not_be_written_is_not_put_in_place() throws Exception {
        LakeFiles files = new LakeFiles(TestLocations.FOLDERS, folder.toString());
        OutputFile file = files.newOutputFile(files.address("a_lake/numbers/metadata/one.avro"));
        try (PositionOutputStream out = file.create()) {
            out.write(BYTES);
            assertThatThrownBy(() -> out.write(BYTES, 0, BYTES.length + 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(file.toInputFile().exists()).isFalse();
        assertThat(folder.resolve("a_lake/numbers/metadata")).isEmptyDirectory();
        try (PositionOutputStream out = file.create()) {
            out.write(BYTES);
        }
        assertThat(file.toInputFile().getLength()).isEqualTo(BYTES.length);
    }
}
