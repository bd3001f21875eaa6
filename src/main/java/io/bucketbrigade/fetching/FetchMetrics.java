package io.bucketbrigade.fetching;

import io.bucketbrigade.fetching.FetchOutcome.State;
import io.bucketbrigade.fetching.FetchedTable.Held;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.settings.Settings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of fetches, for Prometheus, for health and in the log. */
final class FetchMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(FetchMetrics.class);

    private final MeterRegistry registry;
    private final Degradations degradations;

    FetchMetrics(MeterRegistry registry, Degradations degradations) {
        this.registry = registry;
        this.degradations = degradations;
    }

    private static String what(String setting, String name) {
        return name + " of " + Settings.variable(setting);
    }

    /** It ended, and did not fail. */
    void worked(Held held, FetchOutcome outcome, long arrived) {
        count(held, outcome.state(), arrived);
        if (outcome.state() != State.BUSY) {
            degradations.recovered(what(held.setting(), outcome.name()));
        }
        if (outcome.state() == State.FETCHED) {
            LOG.info("{}: {}", held.pipeline(), outcome.line());
        }
    }

    /** It failed; the log has that if it is news. */
    FetchOutcome failed(Held held, Exception because, Progress progress) {
        Problem problem = Problems.of(because);
        count(held, State.FAILED, progress.arrived());
        String what = what(held.setting(), held.source().name());
        if (!progress.isEnded() && degradations.degraded(what, problem.sentence())) {
            LOG.warn("{}: {}", what, problem.sentence());
            if (problem.kind() == Kind.INTERNAL) {
                LOG.warn("The cause:", because);
            }
        }
        return new FetchOutcome(
                held.source().name(), State.FAILED, progress.arrived(), progress.rate(), problem.sentence());
    }

    /** A source is not named any more. */
    void forgotten(String setting, String name) {
        degradations.recovered(what(setting, name));
    }

    private void count(Held held, State state, long arrived) {
        Counter.builder("brigade.fetches")
                .description("Fetches of this instance, by what became of them")
                .tags("pipeline", held.pipeline(), "outcome", state.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
        Counter.builder("brigade.fetched.bytes")
                .description("Bytes that this instance fetched")
                .tag("pipeline", held.pipeline())
                .register(registry)
                .increment((double) arrived);
    }
}
