package io.bucketbrigade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.registry.Definition.Demo.Send;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.sending.Sending;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsCheck;
import io.bucketbrigade.starting.BrigadeService;
import io.bucketbrigade.tls.TlsTrust;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = {
            "Starts the service with the sample files and its own PostgreSQL, prints the ranking, and keeps running.",
            "Its data is in data/demo, apart from yours."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade demo", "  brigade demo --s3"})
final class DemoCommand extends ServiceCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Option(names = "--s3", description = "Keep the files in buckets of an S3 server, which it starts too.")
    private boolean buckets;

    @Override
    public Integer call() throws Exception {
        StopSignal stop = new StopSignal();
        Settings own = Brigade.settings(environment(), Map.of());
        Pipelines pipelines = Pipelines.read(own.routeFolders());
        SettingsCheck.require(Brigade.settings(environment(), apart(own, pipelines, new DemoFolder())));
        Path data = own.path("brigade.data").resolve("demo");
        BrigadeService.makeDataFolder(data);
        DemoInputs inputs =
                buckets ? DemoBuckets.start(Brigade.home(environment()), data.resolve("s3")) : new DemoFolder();
        Map<String, String> overrides = apart(own, pipelines, inputs);
        overrides.put("brigade.data", data.toString());
        Settings settings = settings(overrides);
        try (BrigadeService service = new BrigadeService(settings)) {
            service.start();
            for (Pipeline pipeline : pipelines.all()) {
                DemoSamples.copy(pipeline, settings);
            }
            Instant modified = inputs.putSamples(settings);
            print(awaitRanking(service, settings, modified, stop::hasCome), out());
            out().println("Page      " + service.address());
            out().println("API       " + service.address() + "leaderboard");
            out().println("Database  " + service.databaseAddress());
            inputs.howToChange(settings).forEach(out()::println);
            pipelines.all().forEach(pipeline -> sendSample(pipeline, service, settings));
            out().println("Ctrl-C stops it.");
            stop.await();
            out().println("Stopping…");
        }
        out().println("Stopped.");
        return 0;
    }

    /** Rows that arrive while people watch; a demo that is started again goes on where it stopped. */
    private void sendSample(Pipeline pipeline, BrigadeService service, Settings settings) {
        Send sample = pipeline.definition().demo().send();
        if (sample == null) {
            return;
        }
        Sending sending = new Sending(
                pipeline.samples().resolve(sample.file()),
                URI.create(service.address()).resolve(sample.to()),
                TlsTrust.of(settings),
                settings.text("brigade.api.key"),
                sample.rate(),
                PATIENCE,
                settings.path("brigade.data").resolve("sent"),
                settings.path("brigade.data").resolve("sent/rejected.csv").toString());
        Thread sender = new Thread(
                () -> {
                    try {
                        sending.send(new PrintWriter(Writer.nullWriter()), false);
                    } catch (IOException | RuntimeException e) {
                        err().println(pipeline.name() + ": the sample was not sent: "
                                + Problems.of(e).sentence());
                    }
                },
                "demo-" + pipeline.name());
        sender.setDaemon(true);
        sender.start();
        out().println("Sending   " + sample.rate() + " rows per second to " + service.address() + "#"
                + pipeline.name());
    }

    /** Settings that keep the demo apart from what is the user's. */
    private static Map<String, String> apart(Settings own, Pipelines pipelines, DemoInputs inputs) {
        Map<String, String> settings = new HashMap<>(DemoSamples.settings(own, pipelines));
        settings.putAll(inputs.settings());
        settings.put("brigade.database.url", "");
        return settings;
    }

    /** The ranking of the files as they are now, which an earlier demo may have made already. */
    static JsonNode awaitRanking(BrigadeService service, Settings settings, Instant modified, BooleanSupplier stopped)
            throws IOException {
        HttpClient client =
                HttpClient.newBuilder().sslContext(TlsTrust.of(settings)).build();
        RetryPolicy<JsonNode> patience = RetryPolicy.<JsonNode>builder()
                .abortOn(Throwable.class)
                .handleResultIf(runs -> !stopped.getAsBoolean() && !ended(latestRanking(runs), modified))
                .withDelay(Duration.ofMillis(100))
                .withMaxDuration(PATIENCE)
                .withMaxAttempts(-1)
                .build();
        JsonNode run = latestRanking(Failsafe.with(patience).get(() -> get(client, service.address() + "runs")));
        if (!stopped.getAsBoolean() && !run.path("state").asText().equals("succeeded")) {
            throw new Problem(
                    Kind.TRANSIENT,
                    "The run of the samples did not succeed: "
                            + run.path("error").asText());
        }
        return get(client, service.address() + "leaderboard?limit=20");
    }

    private static JsonNode latestRanking(JsonNode runs) {
        for (JsonNode run : runs.path("runs")) {
            if (run.path("task").asText().equals("rank")) {
                return run;
            }
        }
        return MissingNode.getInstance();
    }

    private static boolean ended(JsonNode run, Instant modified) {
        return List.of("succeeded", "failed").contains(run.path("state").asText())
                && run.path("inputs").path(0).path("modified").asText().equals(modified.toString());
    }

    private static JsonNode get(HttpClient client, String address) throws IOException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
            return new ObjectMapper()
                    .readTree(client.send(request, BodyHandlers.ofString()).body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void print(JsonNode answer, PrintWriter out) {
        out.println();
        out.printf("%6s  %-24s %10s%n", "Rank", "Name", "Messages");
        int rank = 0;
        for (JsonNode standing : answer.path("leaderboard")) {
            rank++;
            String name = standing.path("name").asText();
            out.printf(
                    "%6d  %-24s %,10d%n",
                    rank,
                    name.isEmpty() ? "(unknown user " + standing.path("user_id").asText() + ")" : name,
                    standing.path("messages").asLong());
        }
        out.println();
    }
}
