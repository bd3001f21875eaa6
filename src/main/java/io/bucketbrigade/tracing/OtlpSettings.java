package io.bucketbrigade.tracing;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Where traces go, under the names that OpenTelemetry gives its settings. Knows none of OpenTelemetry's classes. */
public final class OtlpSettings {
    /** The setting without which there are no traces. */
    public static final String ENDPOINT = "otel.exporter.otlp.endpoint";

    private static final String HEADERS = "otel.exporter.otlp.headers";
    private static final String SAMPLER_ARGUMENT = "otel.traces.sampler.arg";

    /** What Java's client does not let others set. */
    private static final Set<String> OF_HTTP = Set.of("connection", "content-length", "expect", "host", "upgrade");

    private final Settings settings;

    /** @param settings of which {@link #ENDPOINT} is not blank */
    public OtlpSettings(Settings settings) {
        this.settings = settings;
    }

    /** The address that traces are posted to. */
    public URI address() {
        String endpoint = settings.text(ENDPOINT);
        return URI.create(endpoint + (endpoint.endsWith("/") ? "" : "/") + "v1/traces");
    }

    /** That address for people, without what a user and a query may hold. */
    public String shown() {
        URI address = address();
        return address.getScheme() + "://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort())
                + address.getPath();
    }

    /**
     * What each request carries, such as a key.
     *
     * @throws Problem if that can't be read; it does not say what it is, because it is a secret
     */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        String pairs = settings.text(HEADERS);
        if (!pairs.isEmpty() && !OtlpPairs.arePairs(pairs)) {
            throw wrongHeaders();
        }
        for (String pair : Values.list(pairs)) {
            int equals = pair.indexOf('=');
            String name = pair.substring(0, equals).strip();
            String value = OtlpPairs.decoded(pair.substring(equals + 1));
            if (!name.matches("[\\w!#$%&'*+.^`|~-]+")
                    || !value.matches("[ -~]*")
                    || OF_HTTP.contains(name.toLowerCase(Locale.ROOT))) {
                throw wrongHeaders();
            }
            headers.put(name, value);
        }
        return headers;
    }

    private Problem wrongHeaders() {
        return new Problem(
                Kind.USAGE,
                settings.name(HEADERS)
                        + " must be names and values such as api-key=KEY,tenant=shop, of ASCII, with %2C for a comma, and not of headers that HTTP itself"
                        + " needs, such as Host.");
    }

    /**
     * The properties for OpenTelemetry. The process sends traces alone, by the protocol that needs no further library; all that is not among the
     * settings, such as the size of batches, OpenTelemetry reads from its variables itself.
     */
    Map<String, String> properties() {
        headers();
        Map<String, String> properties = new LinkedHashMap<>(Map.of(
                "otel.traces.exporter", "otlp",
                "otel.metrics.exporter", "none",
                "otel.logs.exporter", "none",
                "otel.exporter.otlp.traces.endpoint", address().toString(),
                "otel.exporter.otlp.traces.protocol", "http/protobuf",
                "otel.propagators", "tracecontext"));
        for (String key : List.of(HEADERS, "otel.service.name", "otel.resource.attributes", "otel.traces.sampler")) {
            properties.put(key, settings.text(key));
        }
        if (!settings.text(SAMPLER_ARGUMENT).isEmpty()) {
            properties.put(
                    SAMPLER_ARGUMENT,
                    Values.share(settings.name(SAMPLER_ARGUMENT), settings.text(SAMPLER_ARGUMENT))
                            .toPlainString());
        }
        return properties;
    }
}
