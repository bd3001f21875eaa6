package io.bucketbrigade.tracing;

import io.bucketbrigade.notifications.Notification;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.storage.NamedFile;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The spans of steps: those of runs, of batches, of calls, and of sent notifications. Steps of anything else, such as timers that find nothing to do,
 * have none. While a step is under way, its thread's log lines carry {@code trace.id} and {@code span.id}.
 */
final class StepSpans implements InterceptStrategy {
    private static final String TRACE_ID = "trace.id";
    private static final String SPAN_ID = "span.id";

    private final Tracer tracer;
    private final RunSpans runs;

    StepSpans(Tracer tracer, RunSpans runs) {
        this.tracer = tracer;
        this.runs = runs;
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor next) {
        String name = StepNames.of(step);
        return name == null
                ? target
                : new Seen(step, name, String.valueOf(ProcessorDefinitionHelper.getRouteId(step)), target);
    }

    private final class Seen extends DelegateAsyncProcessor {
        private final String name;
        private final String route;
        private final boolean isDynamic;

        Seen(NamedNode step, String name, String route, Processor target) {
            super(target);
            this.name = name;
            this.route = route;
            this.isDynamic = step instanceof ToDynamicDefinition;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            TracedExchange before = TracedExchange.of(exchange);
            Work work = exchange.getVariable(Work.VARIABLE) instanceof Work some ? some : null;
            TracedExchange around = around(exchange, before, work);
            RunSpan run = around == null ? null : around.run();
            if (around == null || (run != null && !run.wants(route + "/" + name))) {
                return super.process(exchange, callback);
            }
            Span span = begin(exchange, around);
            TracedExchange within = new TracedExchange(around.context().with(span), run);
            TracedExchange.set(exchange, within);
            if (run != null && work != null) {
                run.stepBegins(work);
            }
            String outerTrace = MDC.get(TRACE_ID);
            String outerSpan = MDC.get(SPAN_ID);
            MDC.put(TRACE_ID, span.getSpanContext().getTraceId());
            MDC.put(SPAN_ID, span.getSpanContext().getSpanId());
            Scope scope = within.context().makeCurrent();
            try {
                return super.process(exchange, doneSync -> {
                    try {
                        TracedExchange.set(exchange, before);
                        SpanWords.failed(span, exchange.getException());
                        span.end();
                        if (run != null && work != null) {
                            run.stepEnded(tracer);
                        }
                    } finally {
                        // Camel drops what is thrown here, and the exchange would never end.
                        callback.done(doneSync);
                    }
                });
            } finally {
                scope.close();
                restore(TRACE_ID, outerTrace);
                restore(SPAN_ID, outerSpan);
            }
        }

        private @Nullable TracedExchange around(
                Exchange exchange, @Nullable TracedExchange before, @Nullable Work work) {
            RunSpan run = work == null ? null : runs.of(work.run());
            if (run != null && (before == null || before.run() != run)) {
                return new TracedExchange(run.context(), run);
            }
            if (before == null && isDynamic && exchange.getVariable("notification") instanceof Notification sent) {
                return new TracedExchange(runs.contextOf(sent.runId()), null);
            }
            return before;
        }

        private Span begin(Exchange exchange, TracedExchange around) {
            SpanBuilder span;
            if (isDynamic && exchange.getVariable("notification") instanceof Notification sent) {
                span = tracer.spanBuilder("notify " + sent.channel())
                        .setAttribute("brigade.run", sent.runId())
                        .setAttribute("brigade.attempt", sent.attempts());
            } else {
                span = tracer.spanBuilder(name);
            }
            if (exchange.getMessage().getBody() instanceof NamedFile file) {
                span.setAttribute("brigade.file", file.name());
            }
            return span.setParent(around.context())
                    .setAttribute("camel.route.id", route)
                    .startSpan();
        }
    }

    private static void restore(String key, @Nullable String value) {
        if (value == null) {
            MDC.remove(key);
        } else {
            MDC.put(key, value);
        }
    }
}
