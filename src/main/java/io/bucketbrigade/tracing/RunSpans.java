package io.bucketbrigade.tracing;

import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.runs.Run;
import io.bucketbrigade.runs.RunTracing;
import io.bucketbrigade.storage.Identity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The spans of the runs of this process: those that have not ended, and for a while where those belong that have. */
final class RunSpans implements RunTracing {
    private static final int REMEMBERED = 1000;

    private final Tracer tracer;
    private final Map<Long, RunSpan> alive = new ConcurrentHashMap<>();
    /** Notifications are sent after the end of a run, and are a part of its trace. */
    private final Map<Long, Context> remembered = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Context> eldest) {
            return size() > REMEMBERED;
        }
    });

    RunSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public void claimed(Run run, String trigger, Instant since) {
        Context parent = TracedExchange.currentCall();
        Span span = tracer.spanBuilder("run " + run.pipeline())
                .setParent(parent)
                .setStartTimestamp(since)
                .setAttribute("brigade.pipeline", run.pipeline())
                .setAttribute("brigade.run", run.id())
                .setAttribute("brigade.task", run.task())
                .setAttribute("brigade.attempt", run.attempt())
                .setAttribute("brigade.trigger", trigger)
                .setAttribute("brigade.inputs", run.inputs().size())
                .setAttribute(
                        "brigade.bytes",
                        run.inputs().stream().mapToLong(Identity::size).sum())
                .startSpan();
        RunSpan begun = new RunSpan(span, parent);
        alive.put(run.id(), begun);
        remembered.put(run.id(), begun.context());
    }

    @Override
    public void ended(Run run, String outcome, @Nullable RowCounts rowCounts, String reason) {
        RunSpan ended = alive.remove(run.id());
        if (ended != null) {
            ended.over(tracer, run, outcome, rowCounts, reason);
        }
    }

    /** That of a run that has not ended; null if there is none. */
    @Nullable
    RunSpan of(Run run) {
        return alive.get(run.id());
    }

    /** Where what belongs to a run comes, also after its end; nowhere if that was another process, or too long ago. */
    Context contextOf(long run) {
        return remembered.getOrDefault(run, Context.root());
    }
}
