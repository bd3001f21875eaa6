package io.bucketbrigade.starting;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that a timer's work failed: once, not at every tick, as long as the reason stays the same. */
public final class LookFailures {
    private static final Logger LOG = LoggerFactory.getLogger(LookFailures.class);

    private final Map<String, String> said = new ConcurrentHashMap<>();

    /** Says it, if it is new. */
    public void tell(String route, Throwable thrown) {
        Problem problem = Problems.of(thrown);
        if (!problem.sentence().equals(said.put(route, problem.sentence()))) {
            LOG.warn("{}: {}", route, problem.sentence());
            if (problem.kind() == Kind.INTERNAL) {
                LOG.warn("The fault behind it:", thrown);
            }
        }
    }
}
