package io.bucketbrigade.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** S3Proxy as a process of its own, and the SDK's client to put things into it. */
final class S3Server implements AutoCloseable {
    private static final int PART = 64 << 20;

    final S3Client client;
    final Map<String, String> environment;
    private final Process process;

    /** @param store where it keeps its buckets; what exists already stays */
    S3Server(Path home, Path store) throws IOException, InterruptedException {
        URI endpoint = URI.create("http://127.0.0.1:" + Service.freePort());
        Properties properties = new Properties();
        properties.put("s3proxy.endpoint", endpoint.toString());
        properties.put("s3proxy.authorization", "aws-v2-or-v4");
        properties.put("s3proxy.identity", "benchmark");
        properties.put("s3proxy.credential", "benchmark-secret");
        properties.put("jclouds.provider", "filesystem-nio2");
        properties.put("jclouds.filesystem.basedir", Files.createDirectories(store).toString());
        Path file = store.resolveSibling("s3proxy.properties");
        try (var out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        process = Processes.start(
                Map.of("LOG_LEVEL", "warn"),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-jar",
                        home.resolve("target/demo/s3proxy.jar").toString(),
                        "--properties",
                        file.toString()),
                store.resolveSibling("s3proxy.log"));
        environment = Map.of(
                "AWS_ENDPOINT_URL_S3",
                endpoint.toString(),
                "AWS_ACCESS_KEY_ID",
                "benchmark",
                "AWS_SECRET_ACCESS_KEY",
                "benchmark-secret",
                "AWS_REGION",
                "us-east-1");
        client = S3Client.builder()
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("benchmark", "benchmark-secret")))
                .build();
        awaitAnswer();
    }

    private void awaitAnswer() throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            try {
                client.listBuckets();
                return;
            } catch (SdkClientException notYet) {
                if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(60)) {
                    throw notYet;
                }
                Thread.sleep(50);
            }
        }
    }

    void bucket(String bucket) {
        if (client.listBuckets().buckets().stream().noneMatch(known -> known.name().equals(bucket))) {
            client.createBucket(request -> request.bucket(bucket));
        }
    }

    void put(String bucket, String key, String text) {
        client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(text));
    }

    /** Puts a file there in parts, unless one of that size exists already. */
    void put(String bucket, String key, Path file) throws IOException {
        try {
            if (client.headObject(request -> request.bucket(bucket).key(key)).contentLength() == Files.size(file)) {
                return;
            }
        } catch (NoSuchKeyException isToBePut) {
            // As wanted.
        }
        String upload = client.createMultipartUpload(
                        request -> request.bucket(bucket).key(key))
                .uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            for (byte[] bytes = in.readNBytes(PART); bytes.length > 0; bytes = in.readNBytes(PART)) {
                int number = parts.size() + 1;
                String tag = client.uploadPart(
                                request -> request.bucket(bucket)
                                        .key(key)
                                        .uploadId(upload)
                                        .partNumber(number),
                                RequestBody.fromBytes(bytes))
                        .eTag();
                parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
            }
        }
        client.completeMultipartUpload(request -> request.bucket(bucket)
                .key(key)
                .uploadId(upload)
                .multipartUpload(all -> all.parts(parts)));
    }

    @Override
    public void close() throws InterruptedException {
        client.close();
        process.destroy();
        process.waitFor();
    }
}
