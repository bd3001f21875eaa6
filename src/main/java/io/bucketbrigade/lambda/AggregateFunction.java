package io.bucketbrigade.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.files.BucketName;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TemporaryFolder;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.starting.OneShot;
import io.bucketbrigade.storage.Location.Prepared;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ranks on AWS Lambda: whenever something changed in the bucket that LEADERBOARD_RAW names, the result in LEADERBOARD_RESULT is made to fit. It works
 * by the routes of the command aggregate, without a database, and keeps nothing between calls.
 *
 * <p>A call that throws is made again by Lambda. Inputs that can't be used don't throw, because they would be the same again.
 */
public final class AggregateFunction implements RequestStreamHandler {
    private static final Logger LOG = LoggerFactory.getLogger(AggregateFunction.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PIPELINE = "leaderboard";
    private static final String ROUTE = "leaderboard-lambda";
    private static final String RESULT = "pipeline_result.csv";
    private static final String FAILURE = "pipeline_result.failure.json";

    private final Path work;
    private final String rawBucket;
    private final String resultPlace;
    private final OneShot camel;
    private final Reconciliation reconciliation;

    /**
     * Starts all that calls need, from the environment's variables.
     *
     * @throws TransientFault if it can't be started
     */
    public AggregateFunction() {
        this(System.getenv(), temporary().resolve("brigade-function"));
    }

    /** @param work a folder of its own, which is emptied after each call */
    AggregateFunction(Map<String, String> environment, Path work) {
        this.work = work;
        try {
            clean();
            Settings settings =
                    SettingsLoader.load(home(environment), work, environment, Map.of("brigade.data", work.toString()));
            PipelineSettings named = new PipelineSettings(settings);
            Pipeline pipeline =
                    Pipelines.read(settings.routeFolders(), PIPELINE).get(PIPELINE);
            InputFiles inputs = Objects.requireNonNull(pipeline.definition().inputs());
            rawBucket = BucketName.parse(bucket(settings, inputs.location())).bucket();
            resultPlace = bucket(settings, String.valueOf(pipeline.definition().result()));
            camel = new OneShot(settings, PIPELINE, routes(settings), List.of(named.place(inputs), resultPlace), null);
            reconciliation = new Reconciliation(
                    new Reconciliation.Subject(
                            PIPELINE,
                            inputs.required(),
                            camel.locations().of(named.place(inputs)),
                            camel.locations().of(resultPlace),
                            RESULT,
                            FAILURE,
                            named.shaping(pipeline.definition())),
                    this::make,
                    new FailureListener(
                            PIPELINE,
                            environment.getOrDefault("AWS_LAMBDA_FUNCTION_NAME", PIPELINE),
                            resultPlace + "/" + FAILURE,
                            settings,
                            camel,
                            System.out));
        } catch (Exception e) {
            throw TransientFault.of(e);
        }
    }

    private static Path temporary() {
        return FilePaths.of(System.getProperty("java.io.tmpdir", "/tmp"));
    }

    private static Path home(Map<String, String> environment) {
        String home = environment.getOrDefault("BRIGADE_HOME", "");
        if (home.isBlank()) {
            throw new Problem(
                    Kind.USAGE, "BRIGADE_HOME is not set. Set it to the folder with routes/, in the image /app.");
        }
        return FilePaths.of(home);
    }

    private static String bucket(Settings settings, String key) {
        String place = settings.text(key);
        if (!BucketName.isMeant(place)) {
            throw new Problem(
                    Kind.USAGE,
                    settings.name(key)
                            + " must name a bucket, such as s3://my-bucket, because a function has no disk that lasts.");
        }
        return place;
    }

    private static List<String> routes(Settings settings) {
        List<String> routes = new ArrayList<>(List.of(ROUTE, "s3-replace", "s3-delete"));
        if (!settings.text("brigade.sns.topic").isEmpty()) {
            routes.add("notify-sns");
        }
        return routes;
    }

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        handle(event, answer);
    }

    void handle(InputStream event, OutputStream answer) throws IOException {
        FunctionEvent happened = FunctionEvent.parse(event.readAllBytes());
        try {
            String outcome = handle(happened);
            JSON.writeValue(
                    answer,
                    happened.isBatch()
                            ? Map.of("batchItemFailures", itemFailures(happened.failed()))
                            : Map.of("outcome", outcome));
        } finally {
            clean();
        }
    }

    private String handle(FunctionEvent happened) {
        happened.strange().forEach(event -> LOG.warn("Not about a change in a bucket: {}", event));
        Set<String> others = new TreeSet<>(happened.buckets());
        if (others.remove(rawBucket)) {
            return reconciliation.run().name().toLowerCase(Locale.ROOT);
        }
        if (!others.isEmpty()) {
            LOG.info("Of no concern: a change in {}. The inputs are in {}.", String.join(" and ", others), rawBucket);
        }
        return "ignored";
    }

    private static List<Map<String, String>> itemFailures(Set<String> messages) {
        return messages.stream().map(id -> Map.of("itemIdentifier", id)).toList();
    }

    private List<Prepared> make(Work made) throws Exception {
        List<?> files = (List<?>) camel.call(
                "direct:" + ROUTE, "", Map.of(Work.VARIABLE, made, "resultFolder", resultPlace, "resultName", RESULT));
        return files.stream().map(Prepared.class::cast).toList();
    }

    /** Lambda keeps /tmp for later calls, also for those after a call that was killed. */
    private void clean() throws IOException {
        if (Files.exists(work)) {
            TemporaryFolder.remove(work);
        }
    }

    /** Stops all; Lambda itself never asks for that. */
    void close() {
        camel.close();
    }
}
