package io.bucketbrigade.buffers;

import io.bucketbrigade.problems.Problem;
import java.time.Duration;
import java.util.List;

/**
 * What is in front of a stream's log and keeps rows until the log has them. One thread puts rows, and one reads; where reading goes on is
 * kept by the caller.
 */
public interface RowBuffer extends AutoCloseable {
    /** How many bytes a row may have. */
    int largestRow();

    /**
     * Puts rows. Those with the same order keep it, unless some of them fail. What is not acknowledged within seconds fails.
     *
     * @param group each is completed when it is acknowledged or has failed, perhaps later; a {@link Problem} says why
     */
    void put(List<Sending> group);

    /**
     * The shards that there are.
     *
     * @throws Problem if the buffer does not exist, or can't be reached
     */
    List<Shard> shards();

    /**
     * Reads on.
     *
     * @param from all shards to read, with their positions
     * @param patience how long to wait if there is nothing
     * @throws Problem if the buffer can't be reached
     */
    List<ShardBatch> read(List<ShardPosition> from, Duration patience);

    /** Tells the buffer's own tools what is in the log, if there is a way. */
    void stored(List<ShardBatch> batches);

    /**
     * Whether it exists and can be used.
     *
     * @return what was found, for people
     * @throws Problem if not; says what to do
     */
    String check();

    @Override
    void close();
}
