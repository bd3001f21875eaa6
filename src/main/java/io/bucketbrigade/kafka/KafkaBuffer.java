package io.bucketbrigade.kafka;

import io.bucketbrigade.buffers.RowBuffer;
import io.bucketbrigade.buffers.Sending;
import io.bucketbrigade.buffers.Shard;
import io.bucketbrigade.buffers.ShardBatch;
import io.bucketbrigade.buffers.ShardPosition;
import io.bucketbrigade.csv.Counted;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.TopicDescription;

/** A topic of Kafka. Its clients are made when they are first used. */
public final class KafkaBuffer implements RowBuffer {
    /** Kafka's own limit for a record is 1 MiB, unless a topic has another one. */
    private static final int LARGEST_ROW = 1_000_000;

    private final String topic;
    private final String servers;
    private final KafkaTopic described;
    private final KafkaWriter writer;
    private final KafkaReader reader;

    /**
     * @param topic its name
     * @param group the name under which tools of Kafka see how far it was read
     */
    public KafkaBuffer(String topic, String group, KafkaClients clients) {
        this.topic = topic;
        this.servers = clients.servers();
        KafkaReasons reasons = new KafkaReasons(topic, clients.servers());
        this.described = new KafkaTopic(topic, clients, reasons);
        this.writer = new KafkaWriter(topic, clients, described, reasons);
        this.reader = new KafkaReader(topic, group, clients, described, reasons);
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

    @Override
    public void stored(List<ShardBatch> batches) {
        reader.stored(batches);
    }

    @Override
    public String check() {
        TopicDescription description = described.describe();
        return "The topic " + topic + " of Kafka at " + servers + " has "
                + Counted.of(description.partitions().size(), "partition");
    }

    @Override
    public void close() {
        writer.close();
        reader.close();
        described.close();
    }
}
