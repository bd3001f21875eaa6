package io.bucketbrigade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.starting.StandingService;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;

@Command(
        name = "demo",
        description = {
            "Starts everything with the sample files and a PostgreSQL of its own, prints the ranking, and goes on running.",
            "Its data lies in data/demo, apart from yours."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade demo"})
final class DemoCommand extends ServiceCommand {
    private static final List<String> FILES = List.of("messages.csv", "users.csv");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public Integer call() throws Exception {
        StopSignal stop = new StopSignal();
        Settings settings = settings(ownFolders());
        Path raw = settings.path("leaderboard.raw");
        try (StandingService service = new StandingService(settings)) {
            service.start();
            takeInSamples(settings.home().resolve("samples").resolve("leaderboard"), raw);
            print(awaitRanking(service, raw, stop::hasCome), out());
            out().println("Page      " + service.address());
            out().println("API       " + service.address() + "leaderboard");
            out().println("Database  " + service.databaseAddress());
            out().println("Change    " + raw.resolve("messages.csv") + ", and the ranking follows.");
            out().println("Ctrl-C stops it.");
            stop.await();
            out().println("Stopping…");
        }
        out().println("Stopped.");
        return 0;
    }

    private Map<String, String> ownFolders() {
        String data = variable("BRIGADE_DATA");
        Map<String, String> own = new HashMap<>();
        own.put("brigade.data", Path.of(data.isBlank() ? "data" : data, "demo").toString());
        own.put("brigade.database.url", "");
        own.put("leaderboard.raw", "{{brigade.data}}/leaderboard/raw");
        own.put("leaderboard.result", "{{brigade.data}}/leaderboard/result");
        return own;
    }

    private static void takeInSamples(Path samples, Path raw) throws IOException {
        Files.createDirectories(raw);
        for (String file : FILES) {
            Path there = raw.resolve(file);
            if (!Files.exists(there) || Files.mismatch(samples.resolve(file), there) >= 0) {
                Path beside = raw.resolve("." + file + ".part");
                Files.copy(samples.resolve(file), beside, StandardCopyOption.REPLACE_EXISTING);
                Files.move(beside, there, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    /** The ranking of the files as they are now, which an earlier demo may have made already. */
    static JsonNode awaitRanking(StandingService service, Path raw, BooleanSupplier stopped) throws IOException {
        HttpClient client = HttpClient.newHttpClient();
        Instant modified = Files.getLastModifiedTime(raw.resolve(FILES.get(0))).toInstant();
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
                    Kind.PASSING,
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
