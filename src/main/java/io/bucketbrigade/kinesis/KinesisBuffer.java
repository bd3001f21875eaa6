package io.bucketbrigade.kinesis;

import io.bucketbrigade.buffers.RowBuffer;
import io.bucketbrigade.buffers.Sending;
import io.bucketbrigade.buffers.Shard;
import io.bucketbrigade.buffers.ShardBatch;
import io.bucketbrigade.buffers.ShardPosition;
import io.bucketbrigade.csv.Counted;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;

/** A stream of Kinesis. */
public final class KinesisBuffer implements RowBuffer {
    /** Less than a record may have, because a line with the key comes before it. */
    private static final int LARGEST_ROW = 900_000;

    private static final int CALLS_AT_ONCE = 8;

    private final String stream;
    private final ExecutorService putting = threads("kinesis-put");
    private final ExecutorService reading = threads("kinesis-read");
    private final KinesisWriter writer;
    private final KinesisReader reader;

    /** @param client it belongs to others, who close it */
    public KinesisBuffer(String stream, KinesisClient client) {
        this.stream = stream;
        KinesisReasons reasons = new KinesisReasons(stream);
        this.writer = new KinesisWriter(stream, client, reasons, putting);
        this.reader = new KinesisReader(stream, client, reasons, reading);
    }

    private static ExecutorService threads(String name) {
        return Executors.newFixedThreadPool(CALLS_AT_ONCE, work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public int largestRow() {
        return LARGEST_ROW;
    }

    @Override
    public void put(List<Sending> group) {
        writer.put(group);
    }

    @Override
    public List<Shard> shards() {
        return reader.shards();
    }

    @Override
    public List<ShardBatch> read(List<ShardPosition> from, Duration patience) {
        return reader.read(from, patience);
    }

    /** Kinesis itself keeps no positions. */
    @Override
    public void stored(List<ShardBatch> batches) {}

    @Override
    public String check() {
        StreamDescriptionSummary described = reader.describe();
        return "The stream " + stream + " of Kinesis has " + Counted.of(described.openShardCount(), "open shard")
                + ", and keeps records for " + described.retentionPeriodHours() + " h";
    }

    @Override
    public void close() {
        putting.shutdown();
        reading.shutdown();
    }
}
