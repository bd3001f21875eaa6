package io.bucketbrigade.lake;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.ForcedFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
    public List<Path> find(List<DataFile> files) throws IOException {
        List<Path> found = new ArrayList<>(files.size());
        for (DataFile file : files) {
            String name = LakeFiles.name(SCHEME + folder, file.location());
            Path path = FilePaths.in(folder, name);
            UnreadableTable.requireLength(
                    name, Files.isRegularFile(path) ? Files.size(path) : null, file.fileSizeInBytes());
            found.add(path);
        }
        return found;
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
        Set<Path> folders = new TreeSet<>(Comparator.reverseOrder());
        for (Path file : written) {
            for (Path above = file.getParent(); above != null && above.startsWith(folder); above = above.getParent()) {
                folders.add(above);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
        for (Path above : folders) {
            ForcedFolder.force(above);
        }
    }

    @Override
    public void close() {}
}
