package io.bucketbrigade.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file, open; what is renamed over it meanwhile is not seen by its reader. */
final class FileSource implements Source {
    private final Path path;
    private final FileState opened;
    private final Identity identity;
    private final FileChannel channel;

    /**
     * @param opened the file as it was just before
     * @throws IOException if it can't be opened
     */
    FileSource(Path path, FileState opened, Identity identity) throws IOException {
        this.path = path;
        this.opened = opened;
        this.identity = identity;
        this.channel = FileChannel.open(path, StandardOpenOption.READ);
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
        int most = (int) Math.min(length, identity.size() - position);
        return most <= 0 ? -1 : channel.read(ByteBuffer.wrap(into, offset, most), position);
    }

    @Override
    public boolean changed() throws IOException {
        try {
            return !FileState.of(path).equals(opened);
        } catch (NoSuchFileException gone) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
