package io.bucketbrigade.kafka;

import io.bucketbrigade.buffers.ReceivedRow;
import io.bucketbrigade.buffers.SentRow;
import io.bucketbrigade.buffers.Shard;
import io.bucketbrigade.buffers.ShardBatch;
import io.bucketbrigade.buffers.ShardPosition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads partitions of a topic from positions that the caller keeps. A shard is the topic's id with the number of a partition, so the partitions
 * of a topic that was deleted and made again are others, which are read from their beginning. A position is the offset of the next record.
 */
final class KafkaReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaReader.class);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    private final String topic;
    private final String group;
    private final KafkaClients clients;
    private final KafkaTopic described;
    private final KafkaReasons reasons;
    private final AtomicBoolean commitFailed = new AtomicBoolean();
    /** The positions at which the consumer is, where that is known. */
    private final Map<TopicPartition, String> at = new HashMap<>();

    private @Nullable Consumer<byte[], byte[]> consumer;

    KafkaReader(String topic, String group, KafkaClients clients, KafkaTopic described, KafkaReasons reasons) {
        this.topic = topic;
        this.group = group;
        this.clients = clients;
        this.described = described;
        this.reasons = reasons;
    }

    List<Shard> shards() {
        TopicDescription description = described.describe();
        return IntStream.range(0, description.partitions().size())
                .mapToObj(number -> new Shard(description.topicId() + "/" + number, List.of()))
                .toList();
    }

    synchronized List<ShardBatch> read(List<ShardPosition> from, Duration patience) {
        Map<TopicPartition, ShardPosition> wanted = new HashMap<>();
        from.forEach(shard -> wanted.put(new TopicPartition(topic, number(shard)), shard));
        if (wanted.size() < from.size()) {
            // Partitions of the old topic and of the new one.
            return gone(from, id());
        }
        try {
            return poll(wanted, patience);
        } catch (OffsetOutOfRangeException e) {
            return skipped(wanted, e.offsetOutOfRangePartitions());
        } catch (KafkaException e) {
            throw reasons.of(e);
        }
    }

    private List<ShardBatch> poll(Map<TopicPartition, ShardPosition> wanted, Duration patience) {
        Consumer<byte[], byte[]> open = consumer();
        if (!open.assignment().equals(wanted.keySet())) {
            open.assign(wanted.keySet());
        }
        wanted.forEach((partition, shard) -> {
            if (!shard.position().equals(at.get(partition))) {
                seek(open, partition, shard.position());
            }
        });
        // Whatever fails from here on, the consumer is elsewhere then.
        at.clear();
        Instant before = Instant.now();
        ConsumerRecords<byte[], byte[]> records = open.poll(patience);
        // What was read may be of a topic that was made again a moment ago.
        if (!records.isEmpty()) {
            List<ShardBatch> gone = gone(List.copyOf(wanted.values()), id());
            if (!gone.isEmpty()) {
                return gone;
            }
        }
        List<ShardBatch> batches = new ArrayList<>();
        wanted.forEach((partition, shard) -> batches.add(batch(open, partition, shard, records, before)));
        return batches;
    }

    private void seek(Consumer<byte[], byte[]> open, TopicPartition partition, String position) {
        if (position.isEmpty()) {
            open.seekToBeginning(Set.of(partition));
        } else {
            open.seek(partition, Long.parseLong(position));
        }
        at.put(partition, position);
    }

    private ShardBatch batch(
            Consumer<byte[], byte[]> open,
            TopicPartition partition,
            ShardPosition shard,
            ConsumerRecords<byte[], byte[]> records,
            Instant before) {
        List<ConsumerRecord<byte[], byte[]>> own = records.records(partition);
        OffsetAndMetadata next = records.nextOffsets().get(partition);
        String position = next == null ? shard.position() : Long.toString(next.offset());
        at.put(partition, position);
        long waiting = open.currentLag(partition).orElse(0);
        Instant readUntil = waiting == 0
                ? before
                : own.isEmpty()
                        ? shard.readUntil()
                        : Instant.ofEpochMilli(own.get(own.size() - 1).timestamp());
        return new ShardBatch(
                shard, own.stream().map(KafkaReader::row).toList(), position, waiting, readUntil, false, null);
    }

    private static ReceivedRow row(ConsumerRecord<byte[], byte[]> found) {
        return new ReceivedRow(
                header(found, SentRow.KEY),
                header(found, SentRow.NUMBER),
                ByteBuffer.wrap(found.value() == null ? new byte[0] : found.value()),
                "partition " + found.partition() + ", offset " + found.offset());
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> found, String name) {
        Header header = found.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** Kafka has dropped what is too old, or has lost its end. */
    private List<ShardBatch> skipped(Map<TopicPartition, ShardPosition> wanted, Map<TopicPartition, Long> where) {
        List<ShardBatch> gone = gone(List.copyOf(wanted.values()), id());
        if (!gone.isEmpty()) {
            return gone;
        }
        Consumer<byte[], byte[]> open = consumer();
        Map<TopicPartition, Long> beginnings = open.beginningOffsets(where.keySet());
        Map<TopicPartition, Long> ends = open.endOffsets(where.keySet());
        List<ShardBatch> batches = new ArrayList<>();
        where.forEach((partition, position) -> {
            long beginning = beginnings.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, beginning);
            ShardPosition shard = wanted.get(partition);
            if (shard != null && (position < beginning || position > end)) {
                boolean isOld = position < beginning;
                batches.add(
                        ShardBatch.skipping(
                                shard,
                                Long.toString(isOld ? beginning : end),
                                "Partition " + partition.partition() + " of the topic " + topic
                                        + (isOld
                                                ? " no longer has the offsets " + position + " to " + (beginning - 1)
                                                        + ", which were not read yet: Kafka has dropped them because of the topic's retention."
                                                : " ends at " + end + ", but was read up to " + position
                                                        + ": Kafka has lost records. Those that were put there since then may not have been read.")));
            }
        });
        return batches;
    }

    private List<ShardBatch> gone(List<ShardPosition> from, String id) {
        return from.stream()
                .filter(shard -> !shard.shard().startsWith(id + "/"))
                .map(shard -> ShardBatch.gone(
                        shard,
                        "The topic " + topic + " was deleted and made again. What partition " + number(shard)
                                + " of the old one had from offset "
                                + (shard.position().isEmpty() ? "0" : shard.position())
                                + " on was not read; the new one is read from its beginning."))
                .toList();
    }

    private String id() {
        return described.describe().topicId().toString();
    }

    private static int number(ShardPosition shard) {
        return Integer.parseInt(shard.shard().substring(shard.shard().lastIndexOf('/') + 1));
    }

    /** So that Kafka's own tools show how far the log has followed; nothing depends on it. */
    synchronized void stored(List<ShardBatch> batches) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        batches.stream()
                .filter(batch -> !batch.rows().isEmpty())
                .forEach(batch -> offsets.put(
                        new TopicPartition(topic, number(batch.from())),
                        new OffsetAndMetadata(Long.parseLong(batch.position()))));
        if (!offsets.isEmpty()) {
            consumer().commitAsync(offsets, (done, failed) -> {
                if (failed != null && !commitFailed.getAndSet(true)) {
                    LOG.warn(
                            "Kafka's tools can't see how far {} was read, because the group {} can't be used: {}",
                            topic,
                            group,
                            reasons.of(failed).sentence());
                }
            });
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        if (consumer == null) {
            consumer = clients.consumer(group);
        }
        return consumer;
    }

    @Override
    public synchronized void close() {
        if (consumer != null) {
            consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE_WITHIN));
            consumer = null;
        }
    }
}
