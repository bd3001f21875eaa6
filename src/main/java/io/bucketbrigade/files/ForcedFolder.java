package io.bucketbrigade.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A folder on a disk, on which names are files of their own. */
public final class ForcedFolder {
    private ForcedFolder() {}

    /**
     * What was made or renamed in a folder stays so if the machine stops now.
     *
     * @throws IOException if it can't be written
     */
    public static void force(Path folder) throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
