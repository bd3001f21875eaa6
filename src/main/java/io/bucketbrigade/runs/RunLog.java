package io.bucketbrigade.runs;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Marks the lines that are logged for a run with the run: as JSON, they have it as fields. */
public final class RunLog {
    /** The field with the name of the pipeline. */
    public static final String PIPELINE = "bucketbrigade.pipeline";

    /** The field with the number of the run. */
    public static final String RUN = "bucketbrigade.run";

    private RunLog() {}

    /** What ends the marking; until then, all lines of this thread are the run's. */
    public interface Marked {
        /** Ends it. */
        void end();
    }

    /** From now on, lines of this thread belong to a run. */
    public static Marked of(Run run) {
        return of(run.pipeline(), run.id());
    }

    /** From now on, lines of this thread belong to a run. */
    public static Marked of(String pipeline, long run) {
        String pipelineBefore = MDC.get(PIPELINE);
        String runBefore = MDC.get(RUN);
        MDC.put(PIPELINE, pipeline);
        MDC.put(RUN, Long.toString(run));
        return () -> {
            restore(PIPELINE, pipelineBefore);
            restore(RUN, runBefore);
        };
    }

    /** A task whose lines belong to the run for which this thread works, whichever thread does it. */
    public static Runnable carried(Runnable task) {
        Map<String, String> here = MDC.getCopyOfContextMap();
        if (here == null || here.isEmpty()) {
            return task;
        }
        return () -> {
            Map<String, String> before = MDC.getCopyOfContextMap();
            MDC.setContextMap(here);
            try {
                task.run();
            } finally {
                MDC.setContextMap(before == null ? Map.of() : before);
            }
        };
    }

    private static void restore(String field, @Nullable String before) {
        if (before == null) {
            MDC.remove(field);
        } else {
            MDC.put(field, before);
        }
    }
}
