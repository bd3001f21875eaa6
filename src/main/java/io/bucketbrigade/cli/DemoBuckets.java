package io.bucketbrigade.cli;

import io.bucketbrigade.aws.AwsClients;
import io.bucketbrigade.aws.AwsSettings;
import io.bucketbrigade.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The demo's files in buckets of an S3 server that runs in this process. */
final class DemoBuckets implements DemoInputs {
    private static final String RAW = "demo-raw-data-bucket-md4-api";
    private static final String RESULT = "demo-result-data-bucket-md4-api";

    private final LocalS3 server;

    private DemoBuckets(LocalS3 server) {
        this.server = server;
    }

    /**
     * Starts the server, with both buckets.
     *
     * @param home the folder with target/
     * @param data where it keeps its buckets
     * @throws IOException if it can't be started
     */
    static DemoBuckets start(Path home, Path data) throws IOException {
        for (String bucket : List.of(RAW, RESULT)) {
            Files.createDirectories(data.resolve(bucket));
        }
        return new DemoBuckets(LocalS3.start(home, data));
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(server.settings());
        settings.put("leaderboard.raw", "s3://" + RAW);
        settings.put("leaderboard.result", "s3://" + RESULT);
        settings.put("brigade.events.queue", "");
        // A bucket beside us costs nothing to look at, and nobody waits ten seconds for a demonstration.
        settings.put("brigade.poll", "500ms");
        return settings;
    }

    @Override
    public Instant putSamples(Settings settings) throws IOException {
        Path samples = settings.home().resolve("samples").resolve("leaderboard");
        try (AwsClients aws = new AwsClients(() -> AwsSettings.of(settings))) {
            S3Client s3 = aws.s3();
            Files.copy(samples.resolve(FILES.get(0)), copy(settings), StandardCopyOption.REPLACE_EXISTING);
            for (String file : FILES) {
                s3.putObject(request -> request.bucket(RAW).key(file), RequestBody.fromFile(samples.resolve(file)));
            }
            return s3.listObjects(request -> request.bucket(RAW).prefix(FILES.get(0))).contents().stream()
                    .map(S3Object::lastModified)
                    .findFirst()
                    .orElseThrow(() -> new IOException(FILES.get(0) + " is not in " + RAW));
        }
    }

    @Override
    public List<String> howToChange(Settings settings) {
        Path copy = copy(settings);
        return List.of(
                "Buckets   s3://" + RAW + " and s3://" + RESULT + " at " + server.endpoint(),
                "Change    add rows to " + copy + " and upload it with this command; the ranking follows:",
                "  AWS_ACCESS_KEY_ID=" + server.accessKey() + " AWS_SECRET_ACCESS_KEY=" + server.secretKey()
                        + " AWS_REGION=us-east-1 aws --endpoint-url " + server.endpoint() + " s3 cp '" + copy
                        + "' s3://"
                        + RAW + "/messages.csv");
    }

    /** What is in the bucket, for the user to edit. */
    private static Path copy(Settings settings) {
        return settings.path("brigade.data").resolve(FILES.get(0));
    }
}
