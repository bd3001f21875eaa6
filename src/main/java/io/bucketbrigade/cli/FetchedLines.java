package io.bucketbrigade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.fetching.FetchOutcome;
import io.bucketbrigade.fetching.FetchOutcome.State;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Asks the running service to fetch the files of a pipeline, and prints a line for each source as soon as it is done. */
final class FetchedLines {
    private static final String ENDED = "ended_at";
    private static final Duration BETWEEN = Duration.ofMillis(300);

    private final RunningService service;
    private final PrintWriter out;
    private final Set<String> printed = new HashSet<>();
    private boolean failed;

    FetchedLines(RunningService service, PrintWriter out) {
        this.service = service;
        this.out = out;
    }

    /**
     * Fetches, and waits for the end of it.
     *
     * @param path the call of the service
     * @return whether nothing failed
     * @throws io.bucketbrigade.problems.Problem if the service refuses, or does not answer
     */
    boolean print(String path) throws Exception {
        JsonNode state = service.post(path, Map.of());
        Map<String, String> endedBefore = new HashMap<>();
        state.path("sources").forEach(source -> endedBefore.put(name(source), ended(source)));
        while (state.path("running").asBoolean()) {
            Thread.sleep(BETWEEN.toMillis());
            state = service.get(path);
            for (JsonNode source : state.path("sources")) {
                if (source.hasNonNull(ENDED) && !ended(source).equals(endedBefore.get(name(source)))) {
                    print(source);
                }
            }
        }
        state.path("sources").forEach(this::print);
        if (state.hasNonNull("error")) {
            out.println("Fetching failed: " + state.path("error").asText());
            failed = true;
        }
        out.flush();
        return !failed;
    }

    private static String name(JsonNode source) {
        return source.path("setting").asText() + " " + source.path("name").asText();
    }

    private static String ended(JsonNode source) {
        return source.path(ENDED).asText();
    }

    private void print(JsonNode source) {
        FetchOutcome outcome = outcome(source);
        if (printed.add(name(source))) {
            out.println(outcome.line());
            out.flush();
            failed |= outcome.state() == State.FAILED;
        }
    }

    private static FetchOutcome outcome(JsonNode source) {
        State state =
                switch (source.path("state").asText()) {
                    case "fetched" -> State.FETCHED;
                    case "unchanged" -> State.UNCHANGED;
                    case "fetching" -> State.BUSY;
                    default -> State.FAILED;
                };
        return new FetchOutcome(
                source.path("name").asText(),
                state,
                source.path("bytes").asLong(),
                source.path("rate").asDouble(),
                source.hasNonNull("error") ? source.path("error").asText() : "its process has ended; fetch it again.");
    }
}
