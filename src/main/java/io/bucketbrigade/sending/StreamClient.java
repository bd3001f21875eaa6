package io.bucketbrigade.sending;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends requests to a stream, again and again while the service is away or has too much to do. */
final class StreamClient implements RowTarget {
    private static final Logger LOG = LoggerFactory.getLogger(StreamClient.class);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(90);
    private static final long FIRST_DELAY_MS = 100;
    private static final long LONGEST_DELAY_MS = 10_000;
    private static final String STREAM_LOG = "Stream-Log";
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client;
    private final URI address;
    private final String apiKey;
    private final String idempotencyKey;
    private final RetryPolicy<StreamAnswer> patience;

    /** The service can't do it just now. */
    private static final class TryAgain extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TryAgain(String why) {
            super(why);
        }
    }

    /**
     * @param tls what tells which servers to trust
     * @param apiKey blank if the service needs none
     * @param idempotencyKey under which all rows are sent
     * @param patience how long a request is repeated
     * @param waiting gets for how long a request has been repeated, and why it has to be
     */
    StreamClient(
            URI address,
            SSLContext tls,
            String apiKey,
            String idempotencyKey,
            Duration patience,
            BiConsumer<Duration, String> waiting) {
        this.address = address;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .sslContext(tls)
                .build();
        this.apiKey = apiKey;
        this.idempotencyKey = idempotencyKey;
        this.patience = RetryPolicy.<StreamAnswer>builder()
                .handle(IOException.class, TryAgain.class)
                .withBackoff(FIRST_DELAY_MS, LONGEST_DELAY_MS, ChronoUnit.MILLIS)
                .withJitter(0.2)
                .withMaxAttempts(-1)
                .withMaxDuration(patience)
                .onRetryScheduled(retry -> waiting.accept(retry.getElapsedTime(), reason(retry.getLastException())))
                .build();
    }

    private static String reason(Throwable thrown) {
        return thrown instanceof TryAgain busy ? String.valueOf(busy.getMessage()) : "The service does not answer.";
    }

    @Override
    public StreamAnswer send(long first, String rows, String log) {
        HttpRequest.Builder request = request();
        return send((log.isEmpty() ? request : request.header(STREAM_LOG, log))
                .header("Idempotency-Key", idempotencyKey)
                .header("Idempotency-Offset", Long.toString(first))
                .POST(BodyPublishers.ofString(rows)));
    }

    /**
     * What the log is known by in which rows are stored now; blank if the service does not say it.
     *
     * @throws Problem if the service refuses, or can't be reached within its patience
     */
    String log() {
        return send(asking()).log();
    }

    /**
     * The same, asked once only.
     *
     * @throws Problem if the service refuses, can't be reached or is busy
     */
    String logAtOnce() {
        try {
            return sendOnce(asking().build()).log();
        } catch (TryAgain | IOException away) {
            throw new Problem(Kind.TRANSIENT, reason(away), away);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Kind.TRANSIENT, "It was interrupted.", e);
        }
    }

    private HttpRequest.Builder asking() {
        return request().POST(BodyPublishers.ofString("[]"));
    }

    private HttpRequest.Builder request() {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).timeout(ANSWER_WITHIN).header("Content-Type", "application/json");
        return apiKey.isEmpty() ? request : request.header("Authorization", "Bearer " + apiKey);
    }

    private StreamAnswer send(HttpRequest.Builder request) {
        try {
            return Failsafe.with(patience).get(() -> sendOnce(request.build()));
        } catch (TryAgain busy) {
            throw new Problem(
                    Kind.TRANSIENT, reason(busy) + " Send the file again later; it goes on where it stopped.", busy);
        } catch (FailsafeException failed) {
            if (failed.getCause() instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new Problem(
                    Kind.TRANSIENT,
                    "No service answers at " + address
                            + ". Start it, or correct the address; then send the file again, and it goes on"
                            + " where it stopped.",
                    failed);
        }
    }

    @Override
    public Optional<StreamColumns> columns() {
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/openapi.json"))
                .timeout(ANSWER_WITHIN)
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            return answer.statusCode() == 200 ? StreamColumns.of(json(answer), address.getPath()) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (IOException away) {
            LOG.debug("The service does not say which columns there are: {}", away.getMessage());
            return Optional.empty();
        }
    }

    /** Trying again would change nothing, unlike after a connection that ended in its handshake. */
    private HttpResponse<String> answer(HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (SSLHandshakeException refused) {
            for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
                if (cause instanceof CertificateException) {
                    throw new Problem(
                            Kind.USAGE,
                            "The certificate that " + address
                                    + " shows is not trusted here. Set BRIGADE_TLS_CERT to a file"
                                    + " with that certificate, or correct the address.",
                            refused);
                }
            }
            throw refused;
        }
    }

    private StreamAnswer sendOnce(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = answer(request);
        JsonNode json = json(answer);
        String log = answer.headers().firstValue(STREAM_LOG).orElse("");
        if (answer.statusCode() == Kind.CONFLICT.status() && !log.isEmpty()) {
            throw new AnotherLog(log);
        }
        String detail = json.path("detail").asText(address + " answered " + answer.statusCode() + ".");
        return switch (answer.statusCode()) {
            case 200 -> new StreamAnswer(json, log);
            case 429, 500, 502, 503, 504 -> throw new TryAgain(detail);
            default -> throw new Problem(Kind.USAGE, detail);
        };
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        return type.contains("json") ? JSON.readTree(answer.body()) : JSON.createObjectNode();
    }
}
