package io.bucketbrigade.kafka;

import io.bucketbrigade.buffers.Sending;
import io.bucketbrigade.buffers.SentRow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Puts rows into a topic, one record each. */
final class KafkaWriter implements AutoCloseable {
    private static final Duration CLOSE_WITHIN = Duration.ofMillis(KafkaClients.DELIVERY_MS);

    private final String topic;
    private final KafkaClients clients;
    private final KafkaTopic described;
    private final KafkaReasons reasons;
    private @Nullable Producer<byte[], byte[]> producer;

    KafkaWriter(String topic, KafkaClients clients, KafkaTopic described, KafkaReasons reasons) {
        this.topic = topic;
        this.clients = clients;
        this.described = described;
        this.reasons = reasons;
    }

    void put(List<Sending> group) {
        Producer<byte[], byte[]> open;
        try {
            open = producer();
            // Otherwise each single row would wait for a broker that is away.
            open.partitionsFor(topic);
        } catch (RuntimeException e) {
            group.forEach(sending -> sending.done().completeExceptionally(reasons.of(e)));
            return;
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(KafkaClients.CALL_MS);
        for (Sending sending : group) {
            // Each row may wait for a place in memory; together they don't wait longer than one.
            if (System.nanoTime() > deadline) {
                sending.done().completeExceptionally(reasons.of(new TimeoutException()));
            } else {
                put(open, sending);
            }
        }
    }

    /** Asks for the topic first, because a broker may make one that is missing as soon as somebody writes to it. */
    private synchronized Producer<byte[], byte[]> producer() {
        if (producer == null) {
            described.describe();
            producer = clients.producer();
        }
        return producer;
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void put(Producer<byte[], byte[]> open, Sending sending) {
        AtomicInteger left = new AtomicInteger(sending.rows().size());
        for (SentRow row : sending.rows()) {
            if (sending.done().isCompletedExceptionally()) {
                return;
            }
            try {
                open.send(record(row), (metadata, failed) -> {
                    if (failed != null) {
                        sending.done().completeExceptionally(reasons.of(failed));
                    } else if (left.decrementAndGet() == 0) {
                        sending.done().complete(null);
                    }
                });
            } catch (KafkaException | IllegalStateException e) {
                sending.done().completeExceptionally(reasons.of(e));
            }
        }
    }

    private ProducerRecord<byte[], byte[]> record(SentRow row) {
        ProducerRecord<byte[], byte[]> put = new ProducerRecord<>(
                topic, row.order().getBytes(StandardCharsets.UTF_8), row.json().getBytes(StandardCharsets.UTF_8));
        if (row.key() != null) {
            put.headers().add(SentRow.KEY, row.key().getBytes(StandardCharsets.UTF_8));
            put.headers().add(SentRow.NUMBER, Long.toString(row.number()).getBytes(StandardCharsets.US_ASCII));
        }
        return put;
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close(CLOSE_WITHIN);
            producer = null;
        }
    }
}
