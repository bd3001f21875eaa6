package io.bucketbrigade.tracing;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.RunTracing;
import io.bucketbrigade.web.CallTracing;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

/** Traces that go to an OTLP endpoint, in batches and by a thread of their own, so that nothing here waits for it. */
final class OtlpTraces implements Traces {
    private static final int FLUSH_WITHIN_SECONDS = 5;

    /** OpenTelemetry logs to the JDK, with stack traces. {@link WatchedExporter} says what goes wrong. Kept, because the JDK forgets loggers. */
    private static final Logger ITS_LOG = Logger.getLogger("io.opentelemetry");

    private final OpenTelemetrySdk openTelemetry;
    private final RunSpans runs;
    private final CallSpans calls;
    private final Tracer tracer;

    OtlpTraces(OtlpSettings settings) {
        ITS_LOG.setLevel(Level.OFF);
        try {
            openTelemetry = AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesCustomizer(read -> settings.properties())
                    .addSpanExporterCustomizer((exporter, read) -> new WatchedExporter(exporter, settings.shown()))
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk();
        } catch (ConfigurationException refused) {
            throw new Problem(
                    Kind.USAGE,
                    "OpenTelemetry refuses its settings: " + Problems.rootCause(refused)
                            + ". Correct what is wrong among the variables that are set: "
                            + System.getenv().keySet().stream()
                                    .filter(variable -> variable.startsWith("OTEL_"))
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + ".",
                    refused);
        }
        tracer = openTelemetry.getTracer("io.bucketbrigade");
        runs = new RunSpans(tracer);
        calls = new CallSpans(tracer, openTelemetry.getPropagators().getTextMapPropagator());
    }

    @Override
    public RunTracing runs() {
        return runs;
    }

    @Override
    public CallTracing calls() {
        return calls;
    }

    @Override
    public void follow(CamelContext context) {
        context.getCamelContextExtension().addInterceptStrategy(new StepSpans(tracer, runs));
        context.addRoutePolicyFactory((camel, id, route) -> new RouteSpans(tracer, calls));
    }

    @Override
    public void close() {
        openTelemetry.getSdkTracerProvider().shutdown().join(FLUSH_WITHIN_SECONDS, TimeUnit.SECONDS);
    }
}
