package io.bucketbrigade.web;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Figures about requests, by the operation of the contract that was meant; never by what a caller wrote. */
final class RequestMetrics {
    /** Under which the operation is kept as soon as it is known. */
    static final String OPERATION = "operation";

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(10)
    };
    private static final String BEGUN = RequestMetrics.class.getName();
    private static final String UNKNOWN = "unknown";

    private final MeterRegistry registry;
    private final Map<String, Map<String, Counter>> requests = new ConcurrentHashMap<>();
    private final Map<String, Timer> durations = new ConcurrentHashMap<>();

    RequestMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A request has come in; one that is routed again is still the same. */
    void begun(RoutingContext context) {
        if (context.get(BEGUN) == null) {
            long began = System.nanoTime();
            context.put(BEGUN, began);
            context.addEndHandler(ended -> ended(context, ended.succeeded(), System.nanoTime() - began));
        }
    }

    private void ended(RoutingContext context, boolean isWhole, long nanoseconds) {
        Operation operation = context.get(OPERATION);
        String name = operation == null ? UNKNOWN : operation.id().isEmpty() ? "observe" : operation.id();
        String status = isWhole ? Integer.toString(context.response().getStatusCode()) : "aborted";
        requests.computeIfAbsent(name, first -> new ConcurrentHashMap<>())
                .computeIfAbsent(status, first -> counter(name, status))
                .increment();
        // Answers with events last as long as somebody listens.
        if (operation == null || !operation.events()) {
            durations.computeIfAbsent(name, this::timer).record(nanoseconds, TimeUnit.NANOSECONDS);
        }
    }

    private Counter counter(String operation, String status) {
        return Counter.builder("brigade.http.requests")
                .description("Requests that this instance answered, by operation of the API and status")
                .tags("operation", operation, "status", status)
                .register(registry);
    }

    private Timer timer(String operation) {
        return Timer.builder("brigade.http.request.duration")
                .description("How long requests took, body and answer included")
                .tag("operation", operation)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
