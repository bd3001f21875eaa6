package io.bucketbrigade.tracing;

import io.bucketbrigade.web.CallTracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The spans of calls, as a part of the caller's trace if the caller names one. What else is in an address than its template, and the query, may hold
 * what is not for everybody, and is not recorded.
 */
final class CallSpans implements CallTracing {
    private static final TextMapGetter<HttpServerRequest> HEADERS = new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable HttpServerRequest request, String name) {
            return request == null ? null : request.getHeader(name);
        }
    };
    private static final TextMapGetter<String> PARENT = new TextMapGetter<>() {
        @Override
        public @Nullable String get(@Nullable String value, String name) {
            return name.equals(TRACE_PARENT) ? value : null;
        }
    };
    /** Those of the page itself, which say nothing that is not in the log of a browser. */
    private static final Set<String> NOISE = Set.of("getPage", "getPageFile", "getPipelinePageFile");

    private final Tracer tracer;
    private final TextMapPropagator propagator;

    CallSpans(Tracer tracer, TextMapPropagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
    }

    @Override
    public void begun(RoutingContext call, String template, String operation) {
        if (NOISE.contains(operation)) {
            return;
        }
        HttpServerRequest request = call.request();
        String method = request.method().name();
        Span span = tracer.spanBuilder(method + " " + template)
                .setParent(propagator.extract(Context.root(), request, HEADERS))
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("http.request.method", method)
                .setAttribute("http.route", template)
                .setAttribute("url.scheme", request.isSSL() ? "https" : "http")
                .setAttribute("brigade.operation", operation)
                .startSpan();
        // The route runs in another thread, and finds it there.
        propagator.inject(Context.root().with(span), request, (sent, name, value) -> {
            if (sent != null) {
                sent.headers().set(name, value);
            }
        });
        call.addEndHandler(ended -> {
            int status = call.response().getStatusCode();
            span.setAttribute("http.response.status_code", status);
            if (ended.failed()) {
                SpanWords.failed(span, "The caller was gone before the answer was sent.");
            } else if (status >= 500) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        });
    }

    /** The call that a header names. */
    Context call(String traceParent) {
        return propagator.extract(Context.root(), traceParent, PARENT);
    }
}
