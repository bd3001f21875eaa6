package io.bucketbrigade.tracing;

import io.bucketbrigade.runs.RunTracing;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.web.CallTracing;
import org.apache.camel.CamelContext;

/** What follows runs, batches of streams and calls, and sends what it saw to an OTLP endpoint, if one is set. */
public interface Traces extends AutoCloseable {
    /** Nobody wants to see traces. */
    Traces NONE = new Traces() {
        @Override
        public RunTracing runs() {
            return RunTracing.NONE;
        }

        @Override
        public CallTracing calls() {
            return CallTracing.NONE;
        }

        @Override
        public void follow(CamelContext context) {}

        @Override
        public void close() {}
    };

    /**
     * As the settings have it.
     *
     * @throws io.bucketbrigade.problems.Problem if OpenTelemetry refuses one of its variables
     */
    static Traces of(Settings settings) {
        return settings.text(OtlpSettings.ENDPOINT).isEmpty() ? NONE : new OtlpTraces(new OtlpSettings(settings));
    }

    /** What follows runs. */
    RunTracing runs();

    /** What follows calls. */
    CallTracing calls();

    /** Follows the steps of all routes that are loaded from now on. */
    void follow(CamelContext context);

    /** Sends what was not sent yet, as far as that takes a few seconds at most. */
    @Override
    void close();
}
