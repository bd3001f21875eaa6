package io.bucketbrigade.runs;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells how a run ended: in the ledger, in the figures and in the log, with the same words. */
public final class RunEndings {
    private static final Logger LOG = LoggerFactory.getLogger(RunEndings.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);

    private final Ledger ledger;
    private final RunMetrics metrics;

    public RunEndings(Ledger ledger, RunMetrics metrics) {
        this.ledger = ledger;
        this.metrics = metrics;
    }

    /** A run's results are published. */
    public void succeeded(Run run, Accounts accounts) {
        Duration took = Duration.between(run.claimed(), Instant.now());
        metrics.succeeded(run, accounts, took);
        LOG.info(
                "Run {} of {} ({}) succeeded in {} s: {} rows read, {} counted, {} rejected {}",
                run.id(),
                run.pipeline(),
                run.task(),
                took.toMillis() / 1000.0,
                accounts.rowsRead(),
                accounts.rowsCounted(),
                accounts.rowsRejected(),
                accounts.notes());
    }

    /**
     * A run could not be done. If its inputs are to blame, it waits for others; if something passing is, it is tried
     * again, later each time.
     *
     * @param resultFolder where rejected.csv goes if too many rows were rejected
     * @return the problem, for whoever asked for the run
     */
    public Problem failed(Run run, Throwable thrown, String resultFolder) {
        Problem problem = Problems.of(thrown);
        Duration took = Duration.between(run.claimed(), Instant.now());
        try {
            Optional<InputsChanged> changed = Problems.find(thrown, InputsChanged.class);
            if (changed.isPresent()) {
                String why = String.valueOf(changed.get().getMessage());
                ledger.giveBack(run, why);
                metrics.ended(run, "given back", took);
                LOG.info("Run {} of {} was given back: {}", run.id(), run.pipeline(), why);
                return new Problem(Kind.PASSING, why, thrown);
            }
            Problems.find(thrown, TooManyRejected.class).ifPresent(tooMany -> keepRejected(tooMany, resultFolder));
            Optional<Duration> retry = retryAfter(problem, run.attempt());
            metrics.ended(run, "failed", took);
            LOG.error(
                    "Run {} of {} ({}) failed: {} {}",
                    run.id(),
                    run.pipeline(),
                    run.task(),
                    problem.getMessage(),
                    retry.map(after -> "It is tried again in " + after.toSeconds() + " s.")
                            .orElse("The old result stays; it is tried again when the inputs change."));
            if (problem.kind() == Kind.INTERNAL) {
                LOG.error("The fault behind it:", thrown);
            }
            ledger.fail(run, problem.sentence(), retry);
        } catch (SQLException ledgerAway) {
            LOG.error(
                    "The end of run {} could not be recorded ({}); it is given back when its lease ends.",
                    run.id(),
                    ledgerAway.getMessage());
        }
        return problem;
    }

    /** Hands a failed run's problem to whoever asked for the run; passes anything else on. */
    public Object orThrow(Object outcome) {
        if (outcome instanceof Problem problem) {
            throw problem;
        }
        return outcome;
    }

    private static void keepRejected(TooManyRejected tooMany, String resultFolder) {
        try {
            Location location = Locations.of(resultFolder);
            RejectedFile.prepare(location, "failed", tooMany.rejected()).publish();
        } catch (IOException | Problem e) {
            LOG.warn("{} could not be written: {}", RejectedFile.NAME, e.getMessage());
        }
    }

    private static Optional<Duration> retryAfter(Problem problem, int attempt) {
        boolean inputsToBlame =
                problem.kind() == Kind.INPUT || problem.kind() == Kind.USAGE || problem.kind() == Kind.MISSING;
        if (inputsToBlame) {
            return Optional.empty();
        }
        Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(attempt - 1, 16));
        return Optional.of(wait.compareTo(LONGEST_RETRY) < 0 ? wait : LONGEST_RETRY);
    }
}
