package io.bucketbrigade.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** A Kinesis server (kinesalite, on node), behind a line that can be cut, and which may be killed. .ci/run installs it from src/test/kinesis. */
public final class TestKinesis implements AutoCloseable {
    private static final Path PROGRAM =
            TestService.HOME.resolve("target/test-servers/kinesis/node_modules/kinesalite/cli.js");
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final List<String> command;
    private Process server;
    private final TcpRelay line;
    private final KinesisClient client;

    /** @param folder where its data go */
    public TestKinesis(Path folder) throws IOException {
        // What this server writes as CBOR is not what Kinesis writes.
        System.setProperty(SdkSystemSetting.CBOR_ENABLED.property(), "false");
        int port = TestService.freePort();
        command = List.of(
                "node",
                PROGRAM.toString(),
                "--path",
                folder.toString(),
                "--port",
                Integer.toString(port),
                "--createStreamMs",
                "10",
                "--deleteStreamMs",
                "10",
                "--updateStreamMs",
                "10",
                "--shardLimit",
                "50");
        server = run();
        await().atMost(PATIENCE).until(() -> listens(port));
        line = new TcpRelay(port);
        line.fix();
        client = KinesisClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + port))
                .region(Region.US_EAST_1)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any-secret")))
                .build();
    }

    private Process run() throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** As if its machine had failed. */
    public void kill() throws InterruptedException {
        server.destroyForcibly().waitFor();
    }

    /** Starts it with the data that it has. */
    public void startAgain() throws IOException {
        server = run();
    }

    /** Whether it is installed. */
    public static boolean isInstalled() {
        return Files.exists(PROGRAM);
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The settings with which the program uses it. */
    public Map<String, String> settings() {
        return Map.of(
                "AWS_ENDPOINT_URL_KINESIS",
                "http://127.0.0.1:" + line.port(),
                "AWS_REGION",
                "us-east-1",
                "AWS_ACCESS_KEY_ID",
                "any",
                "AWS_SECRET_ACCESS_KEY",
                "any-secret");
    }

    /** Makes a stream. */
    public void create(String stream, int shards) {
        client.createStream(made -> made.streamName(stream).shardCount(shards));
        awaitActive(stream);
    }

    private void awaitActive(String stream) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.describeStreamSummary(asked -> asked.streamName(stream))
                                .streamDescriptionSummary()
                                .streamStatus())
                        .isEqualTo(StreamStatus.ACTIVE));
    }

    private List<Shard> open(String stream) {
        return client.listShards(asked -> asked.streamName(stream)).shards().stream()
                .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() == null)
                .toList();
    }

    /** Divides the first open shard of a stream. */
    public void split(String stream) {
        Shard first = open(stream).get(0);
        BigInteger start = new BigInteger(first.hashKeyRange().startingHashKey());
        BigInteger end = new BigInteger(first.hashKeyRange().endingHashKey());
        client.splitShard(split -> split.streamName(stream)
                .shardToSplit(first.shardId())
                .newStartingHashKey(start.add(end).shiftRight(1).toString()));
        awaitActive(stream);
    }

    /** Makes one of the two shards that were made last. */
    public void merge(String stream) {
        List<Shard> open = open(stream);
        client.mergeShards(merge -> merge.streamName(stream)
                .shardToMerge(open.get(open.size() - 2).shardId())
                .adjacentShardToMerge(open.get(open.size() - 1).shardId()));
        awaitActive(stream);
    }

    /** Puts a record, as a program that knows nothing of ours does. */
    public void put(String stream, String key, String data) {
        client.putRecord(put -> put.streamName(stream).partitionKey(key).data(SdkBytes.fromUtf8String(data)));
    }

    /** Nobody reaches it any more. */
    public void cut() throws IOException {
        line.cut();
    }

    /** It can be reached again. */
    public void fix() throws IOException {
        line.fix();
    }

    @Override
    public void close() throws IOException {
        client.close();
        line.close();
        server.destroyForcibly();
    }
}
