package io.bucketbrigade.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file on a disk of this machine that is being written. */
final class LocalDraft implements Location.Draft {
    private final FileChannel channel;
    private final Location.Prepared whole;
    private boolean finished;

    /** @param whole what it is when it is finished */
    LocalDraft(Path file, Location.Prepared whole) throws IOException {
        this.whole = whole;
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    @Override
    public FileChannel channel() {
        return channel;
    }

    @Override
    public Location.Prepared finish() throws IOException {
        channel.force(true);
        channel.close();
        finished = true;
        return whole;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!finished) {
            whole.discard();
        }
    }
}
