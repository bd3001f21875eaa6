package io.bucketbrigade.starting;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.Troubles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that work which is done again and again failed: once, not every time, as long as the reason stays the same. Routes call
 * it by name.
 */
public final class LookFailures {
    private static final Logger LOG = LoggerFactory.getLogger(LookFailures.class);

    private final Troubles troubles;

    LookFailures(Troubles troubles) {
        this.troubles = troubles;
    }

    /** Says it, if it is new. */
    public void tell(String route, Throwable thrown) {
        Problem problem = Problems.of(thrown);
        if (troubles.began(route, problem.sentence())) {
            LOG.warn("{}: {}", route, problem.sentence());
            if (problem.kind() == Kind.INTERNAL) {
                LOG.warn("The fault behind it:", thrown);
            }
        }
    }

    /** What the route does works. */
    public void over(String route) {
        troubles.over(route);
    }
}
