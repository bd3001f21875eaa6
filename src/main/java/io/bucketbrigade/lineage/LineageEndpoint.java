package io.bucketbrigade.lineage;

import io.bucketbrigade.notifications.Notification;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.tracing.Unreachable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Who gets the events: Marquez, DataHub, or whatever else takes OpenLineage by HTTP. A route calls it by name. */
public final class LineageEndpoint {
    /** The setting without which there are no events. */
    public static final String URL = "openlineage.url";
    /** How events are sent, as the outbox has it. */
    public static final String CHANNEL = "openlineage";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI address;
    private final String key;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    public LineageEndpoint(Settings settings) {
        String url = settings.text(URL);
        String path = settings.text("openlineage.endpoint");
        address = URI.create(url.replaceFirst("/+$", "") + "/" + path.replaceFirst("^/+", ""));
        key = settings.text("openlineage.api.key");
    }

    /**
     * Sends an event.
     *
     * @throws Problem if it was not accepted; it is sent again
     */
    public void send(Notification event) throws InterruptedException {
        int status = status(HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(event.body())));
        if (status / 100 != 2) {
            throw new Problem(
                    Kind.TRANSIENT,
                    "The OpenLineage endpoint " + this + " answers with the HTTP status " + status + ".");
        }
    }

    /**
     * Whether anything answers there; no event is sent.
     *
     * @throws Problem if nothing does, or the key is refused
     */
    public void check() throws InterruptedException {
        int status = status(HttpRequest.newBuilder(address).GET());
        if (status == 401 || status == 403) {
            throw new Problem(
                    Kind.TRANSIENT,
                    "The OpenLineage endpoint " + this + " answers with the HTTP status " + status + ".");
        }
    }

    private int status(HttpRequest.Builder request) throws InterruptedException {
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        try {
            return client.send(request.timeout(PATIENCE).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException away) {
            throw new Problem(
                    Kind.TRANSIENT,
                    "The OpenLineage endpoint " + this + " does not answer (" + Unreachable.words(away) + ").",
                    away);
        }
    }

    /** Its address for people, without what a user and a query may hold. */
    @Override
    public String toString() {
        return address.getScheme() + "://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort())
                + address.getPath();
    }
}
