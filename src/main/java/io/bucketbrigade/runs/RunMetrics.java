package io.bucketbrigade.runs;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Figures about the runs of this process, for Prometheus. */
public final class RunMetrics {
    private final MeterRegistry registry;
    private final Map<String, AtomicLong> lastSuccess = new ConcurrentHashMap<>();

    public RunMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** When a pipeline's run last succeeded, before this process started. */
    public void lastSucceeded(String pipeline, Instant at) {
        lastSuccess(pipeline).set(at.toEpochMilli());
    }

    /** A run succeeded. */
    public void succeeded(Run run, RowCounts rowCounts, Duration took) {
        ended(run, "succeeded", took);
        rows(run, "read", rowCounts.rowsRead());
        rows(run, "counted", rowCounts.rowsCounted());
        rows(run, "rejected", rowCounts.rowsRejected());
        lastSuccess(run.pipeline()).set(System.currentTimeMillis());
    }

    /** A run ended in another way. */
    public void ended(Run run, String state, Duration took) {
        registry.counter("brigade.runs", "pipeline", run.pipeline(), "state", state)
                .increment();
        registry.timer("brigade.run.duration", "pipeline", run.pipeline(), "state", state)
                .record(took);
    }

    private void rows(Run run, String outcome, long count) {
        registry.counter("brigade.rows", "pipeline", run.pipeline(), "outcome", outcome)
                .increment((double) count);
    }

    private AtomicLong lastSuccess(String pipeline) {
        return lastSuccess.computeIfAbsent(pipeline, name -> {
            AtomicLong time = new AtomicLong();
            io.micrometer.core.instrument.Gauge.builder(
                            "brigade.last.success.timestamp.seconds", time, value -> value.get() / 1000.0)
                    .description("When a run last succeeded, as far as this process knows, in seconds since 1970")
                    .tag("pipeline", pipeline)
                    .register(registry);
            return time;
        });
    }
}
