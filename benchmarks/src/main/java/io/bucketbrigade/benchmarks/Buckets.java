package io.bucketbrigade.benchmarks;

import io.bucketbrigade.benchmarks.Processes.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.s3.S3Client;

/** The same job with its input in a bucket, on an S3 server that shares this machine's processors. */
final class Buckets {
    private static final String BUCKET = "benchmark-counting";
    private static final String LARGE = "benchmark-large";
    private static final int REPETITIONS = 7;
    private static final int RANGE = 4 << 20;
    private static final int FETCHERS = 4;

    private final Path home;
    private final Path data;
    private final boolean commandLine;

    Buckets(Path home, Path data) throws Exception {
        this.home = home;
        this.data = data.resolve("buckets");
        this.commandLine = hasCommandLine();
    }

    private static boolean hasCommandLine() throws Exception {
        try {
            Processes.print(List.of("aws", "--version"));
            return true;
        } catch (IOException | IllegalStateException missing) {
            return false;
        }
    }

    void measure(Report report) throws Exception {
        try (S3Server server = new S3Server(home, data.resolve("store"))) {
            counting(report, server);
            memory(report, server);
            BucketWaiting.measure(report, home, data, server);
        }
    }

    private void counting(Report report, S3Server server) throws Exception {
        Path folder = Counting.main(data.getParent());
        Path download = Files.createDirectories(data.resolve("download"));
        long size = Files.size(folder.resolve("messages.csv"));
        upload(server, BUCKET, folder);
        int threads = Runtime.getRuntime().availableProcessors();
        try (Ours disk = new Ours(home);
                Ours bucket = new Ours(home, server.environment, "s3://" + BUCKET);
                DuckDb duckDb = new DuckDb(threads)) {
            Alternating alternating = new Alternating()
                    .with("the file on the disk, Bucket Brigade", REPETITIONS, () -> disk.rank(folder, "ours.csv"))
                    .with(
                            "the object, Bucket Brigade",
                            REPETITIONS,
                            () -> bucket.rank("s3://" + BUCKET, download, "ours.csv"))
                    .with("the object downloaded with the SDK, then DuckDB", REPETITIONS, () -> {
                        downloadWithSdk(server.client, download);
                        duckDb.rank(download, "duckdb.csv", "BIGINT", true);
                    });
            if (commandLine) {
                alternating.with("the object downloaded with aws s3 cp, then DuckDB", REPETITIONS, () -> {
                    downloadWithCommandLine(server, download);
                    duckDb.rank(download, "duckdb.csv", "BIGINT", true);
                });
            }
            alternating.with(
                    "only fetching the object's bytes, " + FETCHERS + " ranges at once",
                    REPETITIONS,
                    () -> fetch(server.client, size));
            Map<String, Figures> figures = alternating.run(3);
            same(folder.resolve("ours.csv"), download.resolve("ours.csv"));
            same(folder.resolve("ours.csv"), download.resolve("duckdb.csv"));
            report.section(
                    "%.2f GB in a bucket (S3Proxy on the same processors), in the running service".formatted(size / 1e9),
                    "What | median s | least s | most s");
            figures.forEach((name, figure) -> report.line("| %s | %s |", name, figure.cells()));
            report.line("");
            if (!commandLine) {
                report.line("The AWS CLI is missing: this machine doesn't have it.");
                report.line("");
            }
            double ours = figures.get("the object, Bucket Brigade").median();
            report.table("Seconds of counting the object, beside | value");
            figures.forEach((name, figure) -> {
                if (figure.median() != ours) {
                    report.line("| %s | %.2f |", name, ours / figure.median());
                }
            });
        }
    }

    private static void upload(S3Server server, String bucket, Path folder) throws IOException {
        server.bucket(bucket);
        for (String name : List.of("messages.csv", "users.csv")) {
            server.put(bucket, name, folder.resolve(name));
        }
    }

    private static void downloadWithSdk(S3Client client, Path download) throws IOException {
        for (String name : List.of("messages.csv", "users.csv")) {
            Path file = download.resolve(name);
            Files.deleteIfExists(file);
            client.getObject(request -> request.bucket(BUCKET).key(name), file);
        }
    }

    private static void downloadWithCommandLine(S3Server server, Path download) throws Exception {
        for (String name : List.of("messages.csv", "users.csv")) {
            Processes.run(
                    server.environment,
                    List.of(
                            "aws",
                            "--endpoint-url",
                            server.environment.get("AWS_ENDPOINT_URL_S3"),
                            "s3",
                            "cp",
                            "--no-progress",
                            "s3://" + BUCKET + "/" + name,
                            download.resolve(name).toString()));
        }
    }

    /** As little as can be done with an object. */
    private static void fetch(S3Client client, long size) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(FETCHERS);
        try {
            List<Future<Integer>> ranges = new ArrayList<>();
            for (long at = 0; at < size; at += RANGE) {
                String range = "bytes=" + at + "-" + (Math.min(size, at + RANGE) - 1);
                ranges.add(threads.submit(() -> {
                    byte[] buffer = new byte[1 << 16];
                    int sum = 0;
                    try (var in = client.getObject(request ->
                            request.bucket(BUCKET).key("messages.csv").range(range))) {
                        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                            sum += count;
                        }
                    }
                    return sum;
                }));
            }
            long sum = 0;
            for (Future<Integer> range : ranges) {
                sum += range.get();
            }
            if (sum != size) {
                throw new IllegalStateException(sum + " bytes fetched of " + size);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void memory(Report report, S3Server server) throws Exception {
        Path large = Counting.skewed(data.getParent(), 5000);
        upload(server, LARGE, large);
        report.section("Memory of brigade aggregate s3://…", "Object | heap | seconds | peak resident MiB");
        for (String bucket : List.of(BUCKET, LARGE)) {
            long size = server.client
                    .headObject(request -> request.bucket(bucket).key("messages.csv"))
                    .contentLength();
            aggregate(server, bucket);
            Outcome outcome = aggregate(server, bucket);
            report.line(
                    "| %.2f GB, 100 000 authors | -Xmx256m | %.2f | %.0f |",
                    size / 1e9, outcome.seconds(), outcome.peakMebibytes());
        }
    }

    private Outcome aggregate(S3Server server, String bucket) throws Exception {
        Map<String, String> environment = new java.util.HashMap<>(server.environment);
        environment.put("BRIGADE_JAVA_OPTIONS", "-Xmx256m");
        return Processes.run(
                environment,
                List.of(
                        home.resolve("brigade").toString(),
                        "aggregate",
                        "s3://" + bucket + "/messages.csv",
                        "s3://" + bucket + "/users.csv",
                        data.resolve("aggregate.csv").toString()));
    }

    private static void same(Path one, Path other) throws IOException {
        if (Files.mismatch(one, other) >= 0) {
            throw new IllegalStateException(one + " and " + other + " differ");
        }
    }
}
