package io.bucketbrigade.support;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

/** A real Kafka, one broker in a process of its own, which may be killed and started again with its data. */
public final class TestKafka implements AutoCloseable {
    private final Path folder;
    private final int port = TestService.freePort();
    private final Path settings;
    private Process broker;

    /** @param folder where its data go */
    public TestKafka(Path folder) {
        this.folder = folder;
        this.settings = folder.resolve("server.properties");
        try {
            Files.createDirectories(folder);
            Files.writeString(settings, properties());
            try (PrintStream said = new PrintStream(folder.resolve("format.txt").toFile(), StandardCharsets.UTF_8)) {
                StorageTool.execute(
                        new String[] {"format", "-t", "4L6g3nShT-eMCtK--X86sw", "-c", settings.toString()}, said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.broker = run();
    }

    private String properties() {
        int controller = TestService.freePort();
        return String.join(
                "\n",
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controller,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
                "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
                "controller.listener.names=CONTROLLER",
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                "log.dirs=" + folder.resolve("data"),
                "auto.create.topics.enable=true",
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "group.initial.rebalance.delay.ms=0",
                "");
    }

    private Process run() {
        try {
            return new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            "kafka.Kafka",
                            settings.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("broker.txt").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String servers() {
        return "127.0.0.1:" + port;
    }

    private Properties client() {
        Properties client = new Properties();
        client.putAll(Map.of("bootstrap.servers", servers(), "default.api.timeout.ms", "60000"));
        return client;
    }

    /** Makes a topic. */
    public void create(String topic, int partitions) throws Exception {
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** Deletes a topic with all that is in it. */
    public void delete(String topic) throws Exception {
        try (Admin admin = Admin.create(client())) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    /** Drops the oldest records of a partition, as Kafka does when its retention ends. */
    public void dropBefore(String topic, int partition, long offset) throws Exception {
        try (Admin admin = Admin.create(client())) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    /** How far a group has read, over all partitions together, as Kafka's own tools show it. */
    public long committed(String group) throws Exception {
        try (Admin admin = Admin.create(client())) {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values().stream()
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        }
    }

    /** Puts records, as a program that knows nothing of ours does. */
    public void send(List<ProducerRecord<String, String>> records) throws InterruptedException, ExecutionException {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(client(), new StringSerializer(), new StringSerializer())) {
            for (ProducerRecord<String, String> record : records) {
                producer.send(record).get();
            }
        }
    }

    /** As if its machine had failed. */
    public void kill() throws InterruptedException {
        broker.destroyForcibly().waitFor();
    }

    /** Starts it with the data that it has. */
    public void startAgain() {
        broker = run();
    }

    @Override
    public void close() throws InterruptedException {
        broker.destroy();
        if (!broker.waitFor(10, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
