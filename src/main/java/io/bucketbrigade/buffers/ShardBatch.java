package io.bucketbrigade.buffers;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was read of a shard.
 *
 * @param from where reading began
 * @param rows in order; perhaps none
 * @param position where it goes on
 * @param waiting how many rows at least are behind them
 * @param readUntil when the buffer got the last row of which it is known that it and all before it were read
 * @param ended whether there will never be more
 * @param lost what can't be read any more although it never was, as a sentence; null if nothing is lost
 */
public record ShardBatch(
        ShardPosition from,
        List<ReceivedRow> rows,
        String position,
        long waiting,
        Instant readUntil,
        boolean ended,
        @Nullable String lost) {
    public ShardBatch {
        rows = List.copyOf(rows);
    }

    /** The end of a shard that is gone with all that may have been in it. */
    public static ShardBatch gone(ShardPosition from, String lost) {
        return new ShardBatch(from, List.of(), from.position(), 0, from.readUntil(), true, lost);
    }

    /** Reading goes on elsewhere, because what follows is gone. */
    public static ShardBatch skipping(ShardPosition from, String position, String lost) {
        return new ShardBatch(from, List.of(), position, 0, from.readUntil(), false, lost);
    }

    /** Whether it changes anything but the time. */
    public boolean isNews() {
        return !rows.isEmpty() || ended || lost != null || !position.equals(from.position());
    }
}
