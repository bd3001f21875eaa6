package io.bucketbrigade.tracing;

import io.bucketbrigade.streams.StreamBatch;
import io.bucketbrigade.web.CallTracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;

/** Where a trace comes into a route: a batch of a stream begins one, and a call is a part of its caller's. Runs begin theirs when they are claimed. */
final class RouteSpans extends RoutePolicySupport {
    private static final String BATCH = "brigadeBatchSpan";

    private final Tracer tracer;
    private final CallSpans calls;

    RouteSpans(Tracer tracer, CallSpans calls) {
        this.tracer = tracer;
        this.calls = calls;
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        if (TracedExchange.of(exchange) != null) {
            return;
        }
        if (exchange.getVariable(StreamBatch.VARIABLE) instanceof StreamBatch batch) {
            Span span = tracer.spanBuilder("batch " + route.getRouteId())
                    .setNoParent()
                    .setAttribute("brigade.pipeline", String.valueOf(route.getGroup()))
                    .setAttribute("brigade.rows", batch.size())
                    .startSpan();
            exchange.setProperty(BATCH, span);
            TracedExchange.set(exchange, new TracedExchange(Context.root().with(span), null));
        } else if (exchange.getMessage().getHeader(CallTracing.TRACE_PARENT) instanceof String parent) {
            TracedExchange.set(exchange, TracedExchange.ofCall(calls.call(parent)));
        }
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        if (route.getRouteId().equals(exchange.getFromRouteId())
                && exchange.removeProperty(BATCH) instanceof Span span) {
            SpanWords.failed(span, exchange.getException());
            span.end();
        }
    }
}
