package io.bucketbrigade.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TemporaryFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The function in front of a stage: it serves itself what Lambda and S3 would, for two calls, and then ends the process. So the JVM can record what a
 * start needs (the ahead-of-time cache of JDK 25). The script {@code deploy/image/lambda} calls it.
 */
public final class Rehearsal implements RequestStreamHandler {
    private static final String RAW = "rehearsal-raw";

    private final AggregateFunction function;

    /**
     * Opens the stage where AWS_LAMBDA_RUNTIME_API says.
     *
     * @throws IOException if that or the samples can't be used
     */
    public Rehearsal() throws IOException {
        String home = System.getenv().getOrDefault("BRIGADE_HOME", "");
        Path samples = FilePaths.of(home).resolve("samples").resolve("leaderboard");
        Map<String, byte[]> raw = new TreeMap<>();
        for (String file : new String[] {"messages.csv", "users.csv"}) {
            raw.put(file, Files.readAllBytes(samples.resolve(file)));
        }
        URI stage = RehearsalStage.open(System.getenv("AWS_LAMBDA_RUNTIME_API"), RAW, raw);
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", System.getenv().getOrDefault("PATH", ""));
        environment.put("BRIGADE_HOME", home);
        environment.put("AWS_ENDPOINT_URL_S3", stage.toString());
        environment.put("AWS_REGION", "eu-west-3");
        environment.put("AWS_ACCESS_KEY_ID", "rehearsal");
        environment.put("AWS_SECRET_ACCESS_KEY", "rehearsal");
        environment.put("LEADERBOARD_RAW", "s3://" + RAW);
        environment.put("LEADERBOARD_RESULT", "s3://rehearsal-result");
        function = new AggregateFunction(environment, TemporaryFolder.create("brigade-rehearsal"));
    }

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        function.handleRequest(event, answer, context);
    }
}
