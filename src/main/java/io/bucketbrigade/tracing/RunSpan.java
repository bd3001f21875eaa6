package io.bucketbrigade.tracing;

import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.runs.Run;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Inputs.Reading;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The span of a run that has not ended. The step that ends a run is a part of it, so the span ends when the run has, and no step of it is under
 * way any more.
 */
final class RunSpan {
    /** How often one step is seen in a run: a run over a thousand files must not fill the memory and the store of traces. */
    private static final int MOST_OF_A_STEP = 128;

    private final Span span;
    private final Context context;
    private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();
    private int steps;
    private boolean isOver;
    private boolean isEnded;
    private @Nullable Work work;

    RunSpan(Span span, Context parent) {
        this.span = span;
        this.context = parent.with(span);
    }

    Context context() {
        return context;
    }

    /** Whether a step is to be seen; otherwise it has been seen often enough. */
    boolean wants(String step) {
        return seen.computeIfAbsent(step, name -> new AtomicInteger()).incrementAndGet() <= MOST_OF_A_STEP;
    }

    synchronized void stepBegins(Work of) {
        work = of;
        steps++;
    }

    synchronized void stepEnded(Tracer tracer) {
        steps--;
        endIfOver(tracer);
    }

    synchronized void over(Tracer tracer, Run run, String outcome, @Nullable RowCounts rowCounts, String reason) {
        span.setAttribute("brigade.outcome", outcome);
        span.setAttribute("brigade.bytes.read", run.bytesRead().sum());
        if (rowCounts != null) {
            span.setAttribute("brigade.rows.read", rowCounts.rowsRead());
            span.setAttribute("brigade.rows.counted", rowCounts.rowsCounted());
            span.setAttribute("brigade.rows.rejected", rowCounts.rowsRejected());
        }
        if (!reason.isEmpty()) {
            SpanWords.failed(span, reason);
        }
        long unseen = seen.values().stream()
                .mapToLong(count -> Math.max(0, count.get() - MOST_OF_A_STEP))
                .sum();
        if (unseen > 0) {
            span.setAttribute("brigade.steps.unseen", unseen);
        }
        isOver = true;
        endIfOver(tracer);
    }

    private void endIfOver(Tracer tracer) {
        if (isOver && steps == 0 && !isEnded) {
            isEnded = true;
            Inputs inputs = work == null ? null : work.openInputs();
            if (inputs != null) {
                inputs.readings().stream().limit(MOST_OF_A_STEP).forEach(reading -> add(tracer, reading));
            }
            span.end();
        }
    }

    /** Blocks of a file are read by many threads, so a file has one span from its first byte to its last. */
    private void add(Tracer tracer, Reading reading) {
        tracer.spanBuilder("read " + reading.file().name())
                .setParent(context)
                .setStartTimestamp(reading.begun())
                .setAttribute("brigade.file", reading.file().path())
                .setAttribute("brigade.file.size", reading.file().size())
                .setAttribute("brigade.bytes.read", reading.bytes())
                .startSpan()
                .end(reading.ended());
    }
}
