package io.bucketbrigade.database;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Says that a process uses the data of an embedded server; the system takes it back when that process dies, however it dies. */
final class DataLock implements AutoCloseable {
    private final FileChannel channel;

    private DataLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes it.
     *
     * @param data the folder of the data, beside which the lock's file is
     * @throws Problem if another process has it
     * @throws IOException if its file can't be written
     */
    static DataLock take(Path data) throws IOException {
        Path file = data.resolveSibling("postgres.lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            lock = null;
        }
        if (lock == null) {
            String owner = Files.readString(file).strip();
            channel.close();
            throw new Problem(
                    Kind.USAGE,
                    "Another Bucket Brigade" + (owner.isEmpty() ? "" : " (process " + owner + ")")
                            + " is using the data folder "
                            + data.toAbsolutePath().getParent()
                            + ". Stop it, or set BRIGADE_DATA to another folder.");
        }
        channel.truncate(0);
        channel.write(StandardCharsets.UTF_8.encode(
                Long.toString(ProcessHandle.current().pid())));
        return new DataLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
