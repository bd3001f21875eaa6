package io.bucketbrigade.lake;

import io.bucketbrigade.files.FilePaths;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.iceberg.DataFile;

/** Those of a lake in a folder: the files themselves. */
final class FolderData implements LocalData {
    private static final String SCHEME = "file://";

    private final Path folder;

    FolderData(String place) {
        this.folder = FilePaths.of(place);
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public List<Path> find(List<DataFile> files) {
        return files.stream()
                .map(file -> FilePaths.in(folder, LakeFiles.name(SCHEME + folder, file.location())))
                .toList();
    }

    @Override
    public Path folderToWrite(String name) throws IOException {
        return Files.createDirectories(FilePaths.in(folder, name));
    }

    @Override
    public String address(Path written) {
        return SCHEME + written.toAbsolutePath();
    }

    @Override
    public void add(List<Path> written) throws IOException {
        for (Path file : written) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    }

    @Override
    public void close() {}
}
