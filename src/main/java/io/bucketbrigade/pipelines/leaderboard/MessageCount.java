package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.KeyCount;
import io.bucketbrigade.rows.GuardedRows;
import io.bucketbrigade.storage.Inputs;
import java.io.IOException;
import java.util.List;

/** Begins the count of messages.csv per author. */
public final class MessageCount {
    private static final List<String> COLUMNS = List.of("message_id", "author_id", "received_at", "content");

    private final int blockSize;

    /** @param blockSize bytes per block */
    public MessageCount(int blockSize) {
        this.blockSize = blockSize;
    }

    /**
     * Reads the header of messages.csv and gives the count, whose blocks are still to be tallied.
     *
     * @throws IOException if it can't be read
     */
    public KeyCount begin(Inputs inputs) throws IOException {
        Header header = Header.read(inputs.get("messages.csv"), COLUMNS);
        return new KeyCount(
                inputs.get("messages.csv"), header, header.index("author_id"), blockSize, GuardedRows.KEPT_REJECTED);
    }
}
