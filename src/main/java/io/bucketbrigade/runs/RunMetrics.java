package io.bucketbrigade.runs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Figures about the runs of this process, for Prometheus. */
public final class RunMetrics {
    private static final Duration[] BUCKETS = {
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
        Duration.ofHours(1)
    };
    private static final String TAKEN_OVER = "taken_over";
    private static final List<String> STATES = List.of("succeeded", "failed", "released", TAKEN_OVER);
    private static final List<String> OUTCOMES = List.of("accepted", "rejected");

    private final MeterRegistry registry;
    private final Map<String, AtomicLong> lastSuccess = new ConcurrentHashMap<>();

    public RunMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows pipelines that have not run yet with 0: of a counter that begins with 1, Prometheus would not see that first increase. */
    public void show(Collection<String> pipelines) {
        for (String pipeline : pipelines) {
            STATES.forEach(state -> runs(pipeline, state));
            OUTCOMES.forEach(outcome -> rows(pipeline, outcome));
            bytes(pipeline);
            duration(pipeline);
        }
    }

    /** When a run of a pipeline last succeeded, in whichever process. */
    public void lastSucceeded(String pipeline, Instant at) {
        lastSuccess(pipeline).accumulateAndGet(at.toEpochMilli(), Math::max);
    }

    /** A run succeeded. */
    void succeeded(Run run, RowCounts rowCounts, Duration took) {
        ended(run, "succeeded");
        duration(run.pipeline()).record(took);
        rows(run.pipeline(), "accepted").increment((double) rowCounts.rowsCounted());
        rows(run.pipeline(), "rejected").increment((double) rowCounts.rowsRejected());
        lastSucceeded(run.pipeline(), Instant.now());
    }

    /** A run failed. */
    void failed(Run run) {
        ended(run, "failed");
    }

    /** A run was released: it is as if it had not been. */
    void released(Run run) {
        ended(run, "released");
    }

    /** Another process has taken a run over. */
    void takenOver(Run run) {
        ended(run, TAKEN_OVER);
    }

    private void ended(Run run, String state) {
        runs(run.pipeline(), state).increment();
        bytes(run.pipeline()).increment((double) run.bytesRead().sum());
    }

    private Counter runs(String pipeline, String state) {
        return Counter.builder("brigade.runs")
                .description("Runs that ended in this instance, by how they ended")
                .tags("pipeline", pipeline, "state", state)
                .register(registry);
    }

    private Timer duration(String pipeline) {
        return Timer.builder("brigade.run.duration")
                .description("How long runs took that succeeded in this instance")
                .tag("pipeline", pipeline)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Counter rows(String pipeline, String outcome) {
        return Counter.builder("brigade.rows")
                .description("Rows that successful runs of this instance read, by what became of them")
                .tags("pipeline", pipeline, "outcome", outcome)
                .register(registry);
    }

    private Counter bytes(String pipeline) {
        return Counter.builder("brigade.read.bytes")
                .description("Bytes of their inputs that runs of this instance read, however they ended")
                .tag("pipeline", pipeline)
                .register(registry);
    }

    private AtomicLong lastSuccess(String pipeline) {
        return lastSuccess.computeIfAbsent(pipeline, name -> {
            AtomicLong time = new AtomicLong();
            Gauge.builder("brigade.last.success.timestamp.seconds", time, value -> value.get() / 1000.0)
                    .description("When a run last succeeded in any instance, in seconds since 1970")
                    .tag("pipeline", pipeline)
                    .register(registry);
            return time;
        });
    }
}
