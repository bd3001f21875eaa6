package io.bucketbrigade.runs;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.RunLog.Marked;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports how a run ended: in the ledger, in the figures and in the log, with the same words. */
public final class RunEndings {
    private static final Logger LOG = LoggerFactory.getLogger(RunEndings.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);

    private final Ledger ledger;
    private final RunMetrics metrics;
    private final Locations locations;
    private final Degradations degradations;

    public RunEndings(Ledger ledger, RunMetrics metrics, Locations locations, Degradations degradations) {
        this.ledger = ledger;
        this.metrics = metrics;
        this.locations = locations;
        this.degradations = degradations;
    }

    /** A run's results are published. */
    void succeeded(Run run, RowCounts rowCounts) {
        Duration took = took(run);
        degradations.recovered(runsOf(run));
        metrics.succeeded(run, rowCounts, took);
        ledger.tracing().ended(run, "succeeded", rowCounts, "");
        LOG.info(
                "Run {} of {} ({}) succeeded in {} s: {} read, {} counted, {} rejected{}",
                run.id(),
                run.pipeline(),
                run.task(),
                took.toMillis() / 1000.0,
                Counted.of(rowCounts.rowsRead(), "row"),
                Counted.number(rowCounts.rowsCounted()),
                Counted.number(rowCounts.rowsRejected()),
                said(rowCounts));
    }

    /** Some of a run's results are published, and others held back. */
    void withheld(Run run, RowCounts rowCounts, String reason) {
        degradations.recovered(runsOf(run));
        metrics.failed(run);
        ledger.tracing().ended(run, "failed", rowCounts, reason);
        LOG.error(
                "Run {} of {} ({}) failed: {} Not all of its results were published.",
                run.id(),
                run.pipeline(),
                run.task(),
                reason);
    }

    private static String said(RowCounts rowCounts) {
        return Stream.concat(rowCounts.figures().stream(), rowCounts.remarks().stream())
                .map(", "::concat)
                .collect(Collectors.joining());
    }

    /**
     * A run could not be done. If its inputs changed meanwhile, whatever went wrong may come of that, and they are read
     * again. If they are to blame as they are, it waits for others. If a transient fault is, it is tried again, later each
     * time.
     *
     * @param work what it worked on; what it has not committed is rolled back
     */
    public void failed(Work work, Throwable thrown) {
        work.rollBack();
        Run run = work.run();
        if (!ledger.isOurs(run)) {
            LOG.warn(
                    "After run {} of {} had ended, its route failed: {}",
                    run.id(),
                    run.pipeline(),
                    Problems.of(thrown).sentence());
            return;
        }
        if (work.isStopped()) {
            released(run, "The service was stopped; the run is done again when it starts.");
            return;
        }
        if (isTakenOver(run)) {
            ledger.ended(run);
            metrics.takenOver(run);
            ledger.tracing().ended(run, "taken over", null, "");
            LOG.info(
                    "Run {} of {} was taken over by another process while this one was frozen; it published nothing.",
                    run.id(),
                    run.pipeline());
            return;
        }
        Optional<InputsChanged> changed =
                Problems.find(thrown, InputsChanged.class).or(() -> changed(work.openInputs()));
        if (changed.isPresent()) {
            released(run, String.valueOf(changed.get().getMessage()));
            return;
        }
        Problems.find(thrown, TooManyRejected.class).ifPresent(tooMany -> keepRejected(tooMany, work));
        Problem problem = Problems.of(thrown);
        Optional<Duration> retry = retryAfter(problem, run.attempt());
        if (retry.isPresent()) {
            degradations.degraded(runsOf(run), problem.sentence());
        } else {
            degradations.recovered(runsOf(run));
        }
        record(run, thrown, problem, retry);
    }

    /**
     * The route is through with a run. If no step of it ended the run, it failed, or is released if the route was stopped under it:
     * nothing of a stopped route's failure handling is done.
     *
     * @param thrown what went wrong and was not dealt with; null if nothing
     * @param stopped whether the route was stopped meanwhile
     */
    public void ensureEnded(Work work, @Nullable Throwable thrown, boolean stopped) {
        Run run = work.run();
        if (thrown == null && ledger.isOurs(run)) {
            failed(
                    work,
                    new Problem(
                            Kind.PIPELINE,
                            "The route of " + run.pipeline() + " ended without a step that publishes the run, such as"
                                    + " publication.commit."));
        } else if (thrown != null && stopped && isStop(thrown) && ledger.isOurs(run)) {
            work.rollBack();
            released(run, "The route was stopped before the run was over; it is done again.");
        } else if (thrown != null) {
            failed(work, thrown);
        }
    }

    private static boolean isStop(Throwable thrown) {
        return Problems.find(thrown, RejectedExecutionException.class).isPresent();
    }

    /**
     * A run that somebody asked for could not be done; the caller gets the reason, and it is not tried again by itself.
     *
     * @throws Problem always: what went wrong
     */
    public void refuse(Work work, Throwable thrown) {
        work.rollBack();
        Problem problem = Problems.of(thrown);
        Marked marked = RunLog.of(work.run());
        try {
            record(work.run(), thrown, problem, Optional.empty());
        } finally {
            marked.end();
        }
        throw problem;
    }

    private boolean isTakenOver(Run run) {
        try {
            return ledger.sessions().isTakenOver(run);
        } catch (SQLException cannotTell) {
            LOG.debug("It is not known whether run {} was taken over: {}", run.id(), cannotTell.getMessage());
            return false;
        }
    }

    private static Optional<InputsChanged> changed(@Nullable Inputs inputs) {
        try {
            List<String> names = inputs == null ? List.of() : inputs.changed();
            return names.isEmpty() ? Optional.empty() : Optional.of(new InputsChanged(names));
        } catch (IOException | Problem cannotTell) {
            LOG.warn("It is not known whether the inputs changed: {}", cannotTell.getMessage());
            return Optional.empty();
        }
    }

    private void released(Run run, String why) {
        metrics.released(run);
        ledger.tracing().ended(run, "released", null, "");
        LOG.info("Run {} of {} was released: {}", run.id(), run.pipeline(), why);
        try {
            ledger.release(run, why);
        } catch (SQLException ledgerAway) {
            notRecorded(run, ledgerAway);
        }
    }

    private void record(Run run, Throwable thrown, Problem problem, Optional<Duration> retry) {
        metrics.failed(run);
        Optional<RowCounts> known = Problems.find(thrown, TooManyRejected.class).map(TooManyRejected::rowCounts);
        ledger.tracing().ended(run, "failed", known.orElse(null), problem.sentence());
        LOG.error(
                "Run {} of {} ({}) failed: {} Its results were not published.{}",
                run.id(),
                run.pipeline(),
                run.task(),
                problem.sentence(),
                retry.map(after -> " It will be tried again in " + after.toSeconds() + " s.")
                        .orElse(""));
        if (problem.kind() == Kind.INTERNAL) {
            LOG.error("The cause:", thrown);
        }
        try {
            ledger.fail(run, problem.sentence(), retry, known);
        } catch (SQLException ledgerAway) {
            notRecorded(run, ledgerAway);
        }
    }

    private static void notRecorded(Run run, SQLException ledgerAway) {
        LOG.error(
                "The end of run {} could not be recorded ({}); it is released when its lease ends.",
                run.id(),
                ledgerAway.getMessage());
    }

    private static String runsOf(Run run) {
        return "runs of " + run.pipeline() + " (" + run.task() + ")";
    }

    private static Duration took(Run run) {
        return Duration.between(run.claimed(), Instant.now());
    }

    private void keepRejected(TooManyRejected tooMany, Work work) {
        if (work.resultFolder().isEmpty()) {
            return;
        }
        try {
            Location location = locations.of(work.resultFolder());
            RejectedFile.prepare(location, "failed", tooMany.rowCounts().rejected())
                    .publish();
        } catch (IOException | Problem e) {
            LOG.warn("{} could not be written: {}", RejectedFile.NAME, e.getMessage());
        }
    }

    private static Optional<Duration> retryAfter(Problem problem, int attempt) {
        if (problem.kind() == Kind.INPUT || problem.kind() == Kind.USAGE) {
            return Optional.empty();
        }
        Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(attempt - 1, 16));
        return Optional.of(wait.compareTo(LONGEST_RETRY) < 0 ? wait : LONGEST_RETRY);
    }
}
