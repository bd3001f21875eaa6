package io.bucketbrigade.kafka;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the clients of Kafka, all of which give up within seconds.
 *
 * @param servers some brokers, as {@code host:port}, separated by commas
 * @param properties a file with further properties of the clients, such as those of TLS and SASL; null if there is none
 */
public record KafkaClients(String servers, @Nullable Path properties) {
    /** How long a broker may take for an answer. */
    private static final int ANSWER_MS = 4_000;
    /** How long a call may take, however many brokers are asked. */
    static final int CALL_MS = 5_000;
    /** Until when a row is acknowledged or has failed. */
    static final int DELIVERY_MS = 8_000;

    private static final int BUFFER_BYTES = 64 << 20;
    private static final int ROWS_AT_ONCE = 5_000;
    private static final int LARGEST_REQUEST = 1 << 20;
    private static final int LINGER_MS = 1;

    Admin admin() {
        Properties properties = common();
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, CALL_MS);
        return made(() -> Admin.create(properties));
    }

    /** Acknowledged by all replicas in sync, and put once however often it is tried. */
    Producer<byte[], byte[]> producer() {
        Properties properties = common();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, CALL_MS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MS);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
        return made(() -> new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /** @param group the name under which tools of Kafka see how far it has read */
    Consumer<byte[], byte[]> consumer(String group) {
        Properties properties = common();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, ROWS_AT_ONCE);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, CALL_MS);
        return made(() -> new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    private Properties common() {
        Properties common = new Properties();
        if (properties != null) {
            try (Reader file = Files.newBufferedReader(properties, StandardCharsets.UTF_8)) {
                common.load(file);
            } catch (IOException | IllegalArgumentException e) {
                throw new Problem(
                        Kind.USAGE,
                        "The file " + properties
                                + " can't be read as properties of Kafka's clients. Write lines such as security.protocol=SASL_SSL.",
                        e);
            }
        }
        common.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        common.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MS);
        // Nobody reads what the clients would offer as MBeans.
        common.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        return common;
    }

    private interface Maker<T> {
        T make();
    }

    private <T> T made(Maker<T> maker) {
        try {
            return maker.make();
        } catch (KafkaException e) {
            throw new Problem(
                    Kind.USAGE,
                    "A client of Kafka can't be made for " + servers
                            + ". Check that these hosts are known"
                            + (properties == null ? "" : ", and the properties in " + properties) + ".",
                    e);
        }
    }
}
