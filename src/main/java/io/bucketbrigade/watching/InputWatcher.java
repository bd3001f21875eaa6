package io.bucketbrigade.watching;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.runs.Run;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Checks whether there is something to run for one pipeline. It never acts on what a message says, only on what is there. */
abstract class InputWatcher {
    private static final String TIMER = "timer";

    private final Pipeline pipeline;
    private final AtomicReference<@Nullable String> again = new AtomicReference<>();
    private final AtomicReference<@Nullable String> signal = new AtomicReference<>();
    private final AtomicReference<@Nullable ClaimConsumer> route = new AtomicReference<>();

    private volatile int waiting;

    InputWatcher(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** Whose inputs they are. */
    final Pipeline pipeline() {
        return pipeline;
    }

    /** How many files the last check found that are not run yet, because they are incomplete, still being written, or behind others. */
    final int waiting() {
        return waiting;
    }

    final void waiting(int files) {
        waiting = files;
    }

    /** The time between two checks. */
    abstract Duration interval();

    /**
     * Checks, and claims the run if one is wanted.
     *
     * @return the claimed run; empty if there is nothing to do
     * @throws IOException if the location can't be read
     * @throws SQLException if the ledger can't be asked
     * @throws InterruptedException if the service stops meanwhile
     */
    abstract Optional<Run> check() throws IOException, SQLException, InterruptedException;

    /** The route that gets the runs, which a reload may replace; null if there is none. */
    final AtomicReference<@Nullable ClaimConsumer> route() {
        return route;
    }

    /** The trigger of the next run, though a check by the timer may be the first to find its inputs settled. */
    final void announce(String trigger) {
        signal.set(trigger);
    }

    /** What was announced and not dealt with; null if nothing. */
    final AtomicReference<@Nullable String> signal() {
        return signal;
    }

    /**
     * The next check claims a run though nothing is new, if everything is there, and whatever number of runs is allowed on one day.
     *
     * @param because what the run's trigger will say
     * @throws Problem if no route gets the run
     */
    void runAgain(String because) {
        requireRoute();
        again.set(because);
    }

    /** @throws Problem if no route gets the runs */
    final void requireRoute() {
        if (route.get() == null) {
            throw ClaimComponent.withoutRoute(pipeline);
        }
    }

    /**
     * The next check claims a run of what an earlier run read, as it is now.
     *
     * @param path that of its first input
     * @param because what the run's trigger will say
     * @throws Problem if no route gets the run
     */
    void replay(String path, String because) {
        runAgain(because);
    }

    /** Why a run is wanted though nothing is new; null if none is. */
    final AtomicReference<@Nullable String> again() {
        return again;
    }

    /** What the record of a run says of what began it. */
    static String trigger(@Nullable String because, @Nullable String announced) {
        return because != null ? because : announced != null ? announced : TIMER;
    }
}
