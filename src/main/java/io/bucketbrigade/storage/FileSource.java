package io.bucketbrigade.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** A file, open; what is renamed over it meanwhile is not seen by its reader. */
final class FileSource implements Source {
    private final Path path;
    private final Identity identity;
    private final FileChannel channel;

    FileSource(Path path, Identity identity, FileChannel channel) {
        this.path = path;
        this.identity = identity;
        this.channel = channel;
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
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            return now.size() != identity.size()
                    || !now.lastModifiedTime().toInstant().equals(identity.modified());
        } catch (NoSuchFileException gone) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
