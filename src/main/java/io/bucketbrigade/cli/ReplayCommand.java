package io.bucketbrigade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        description = "Asks the running service to do a run again, from its inputs as they are now.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  brigade replay 7"})
final class ReplayCommand extends ServiceCommand {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's number, as GET /runs and the page show it")
    private long run;

    @Override
    public Integer call() throws Exception {
        Logging.onlyWarnings();
        Settings settings = settings(Map.of());
        String host = settings.text("brigade.http.host");
        String address =
                "http://" + (host.equals("0.0.0.0") ? "127.0.0.1" : host) + ":" + settings.text("brigade.http.port");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + "/runs/" + run + "/replay"))
                .timeout(ANSWER_WITHIN)
                .POST(BodyPublishers.noBody());
        if (!settings.text("brigade.api.key").isEmpty()) {
            request.header("Authorization", "Bearer " + settings.text("brigade.api.key"));
        }
        JsonNode answer = send(request.build(), address);
        out().println("Run " + run + " of " + answer.path("pipeline").asText() + " is done again at the next look; see "
                + address + "/#runs");
        return 0;
    }

    private static JsonNode send(HttpRequest request, String address) throws InterruptedException {
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
            JsonNode json = new ObjectMapper().readTree(answer.body());
            if (answer.statusCode() != 202) {
                throw new Problem(
                        Kind.USAGE, json.path("detail").asText("The service answered " + answer.statusCode() + "."));
            }
            return json;
        } catch (IOException e) {
            throw new Problem(
                    Kind.PASSING,
                    "No service answers at " + address + ". Start it with ./brigade up, or set BRIGADE_HTTP_PORT.",
                    e);
        }
    }
}
