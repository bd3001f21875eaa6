package io.bucketbrigade.kafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** What Kafka says of a topic. A topic that is deleted and made again has another id. */
final class KafkaTopic implements AutoCloseable {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    private final String topic;
    private final KafkaClients clients;
    private final KafkaReasons reasons;
    private @Nullable Admin admin;

    KafkaTopic(String topic, KafkaClients clients, KafkaReasons reasons) {
        this.topic = topic;
        this.clients = clients;
        this.reasons = reasons;
    }

    /**
     * What it is at present; asking for it makes no topic.
     *
     * @throws io.bucketbrigade.problems.Problem if there is none, or Kafka can't be reached
     */
    TopicDescription describe() {
        try {
            return admin().describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .values()
                    .iterator()
                    .next();
        } catch (ExecutionException | KafkaException e) {
            throw reasons.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw reasons.of(e);
        }
    }

    private synchronized Admin admin() {
        if (admin == null) {
            admin = clients.admin();
        }
        return admin;
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(CLOSE_WITHIN);
            admin = null;
        }
    }
}
