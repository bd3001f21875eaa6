package io.bucketbrigade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsCheck;
import io.bucketbrigade.tls.TlsFiles;
import io.bucketbrigade.tls.TlsTrust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;

/** The service that runs with these settings, as commands ask it for something. */
final class RunningService {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String address;
    private final String key;
    private final HttpClient client;

    RunningService(Settings settings) {
        SettingsCheck.require(settings, List.of());
        String host = settings.text("brigade.http.host");
        this.address = (TlsFiles.areNamed(settings) ? "https://" : "http://")
                + (host.equals("0.0.0.0") ? "127.0.0.1" : host) + ":" + settings.text("brigade.http.port");
        this.client = HttpClient.newBuilder().sslContext(TlsTrust.of(settings)).build();
        this.key = settings.text("brigade.api.key");
    }

    /** Where it is. */
    String address() {
        return address;
    }

    /**
     * Asks it for something that it does now or later.
     *
     * @throws Problem if it refuses, or if no service answers
     */
    JsonNode post(String path, Map<String, ?> body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(address + path))
                .header("Content-Type", "application/json")
                .POST(
                        body.isEmpty()
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    /**
     * Asks it how something is.
     *
     * @throws Problem if it refuses, or if no service answers
     */
    JsonNode get(String path) throws InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(address + path)).GET());
    }

    private JsonNode send(HttpRequest.Builder request) throws InterruptedException {
        request.timeout(ANSWER_WITHIN);
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            JsonNode json = JSON.readTree(answer.body());
            if (answer.statusCode() / 100 != 2) {
                throw new Problem(
                        Kind.USAGE, json.path("detail").asText("The service answered " + answer.statusCode() + "."));
            }
            return json;
        } catch (SSLHandshakeException other) {
            throw new Problem(
                    Kind.TRANSIENT,
                    "What answers at " + address + " does not show the certificate that BRIGADE_TLS_CERT names."
                            + " If that was replaced just now, try again in a few seconds; otherwise correct the setting.",
                    other);
        } catch (IOException e) {
            throw new Problem(
                    Kind.TRANSIENT,
                    "No service answers at " + address
                            + ". Start it with ./brigade up, or set BRIGADE_HTTP_PORT (and BRIGADE_TLS_CERT, if it serves HTTPS).",
                    e);
        }
    }
}
