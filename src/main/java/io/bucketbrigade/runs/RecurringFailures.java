package io.bucketbrigade.runs;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that work which is done again and again failed: once, not every time, as long as the reason stays the same. Routes call it by
 * name.
 */
public final class RecurringFailures {
    private static final Logger LOG = LoggerFactory.getLogger(RecurringFailures.class);

    private final Degradations degradations;

    public RecurringFailures(Degradations degradations) {
        this.degradations = degradations;
    }

    /** Logs it, if it is new. */
    public void degraded(String route, Throwable thrown) {
        Problem problem = Problems.of(thrown);
        if (degradations.degraded(route, problem.sentence())) {
            LOG.warn("{}: {}", route, problem.sentence());
            if (problem.kind() == Kind.INTERNAL) {
                LOG.warn("The cause:", thrown);
            }
        }
    }

    /** What the route does works. */
    public void recovered(String route) {
        degradations.recovered(route);
    }
}
