package io.bucketbrigade.starting;

import io.bucketbrigade.tracing.OtlpSettings;
import io.bucketbrigade.tracing.Unreachable;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Whether those answer who get traces. */
final class TelemetryChecks {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private TelemetryChecks() {}

    /** Sends no spans at all, which is a valid request: an empty message of Protobuf is one without bytes. */
    static Finding otlp(OtlpSettings settings) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.address())
                .timeout(PATIENCE)
                .header("Content-Type", "application/x-protobuf")
                .POST(BodyPublishers.noBody());
        settings.headers().forEach(request::header);
        String what = "The OTLP endpoint " + settings.shown();
        String fix = "Check OTEL_EXPORTER_OTLP_ENDPOINT, which must speak OTLP by HTTP (mostly port 4318), and"
                + " OTEL_EXPORTER_OTLP_HEADERS.";
        try {
            int status = HttpClient.newBuilder()
                    .connectTimeout(PATIENCE)
                    .build()
                    .send(request.build(), BodyHandlers.discarding())
                    .statusCode();
            return status / 100 == 2
                    ? Finding.ok(what + " answers")
                    : Finding.failed(what + " answers with the HTTP status " + status, fix);
        } catch (IOException away) {
            return Finding.failed(what + " does not answer (" + Unreachable.words(away) + ")", fix);
        }
    }
}
