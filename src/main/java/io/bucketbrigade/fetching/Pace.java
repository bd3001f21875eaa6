package io.bucketbrigade.fetching;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.time.Duration;

/** Whether bytes arrive fast enough. */
final class Pace {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final FetchLimits limits;
    private long windowBegan = System.nanoTime();
    private long inWindow;
    private long secondBegan = windowBegan;

    Pace(FetchLimits limits) {
        this.limits = limits;
    }

    /**
     * Some bytes arrived.
     *
     * @param deadline until when all must have arrived, as {@link System#nanoTime()} counts
     * @return whether a second is over since this last was so
     * @throws TryAgain if too few arrive
     * @throws Problem if the time is over
     */
    boolean isSecondOver(int bytes, long deadline) {
        long now = System.nanoTime();
        if (now - deadline > 0) {
            throw new Problem(
                    Kind.TOO_SLOW,
                    "the file has not arrived after " + limits.longest().toSeconds()
                            + " s (BRIGADE_FETCH_TIME). The next time it goes on from there, if the server allows that.");
        }
        inWindow += bytes;
        long window = now - windowBegan;
        if (window >= limits.stall().toNanos()) {
            double seconds = (double) window / SECOND;
            if (inWindow < limits.leastRate() * seconds) {
                throw new TryAgain(
                        "the server sends less than " + Counted.of(limits.leastRate(), "byte") + " per second",
                        null,
                        null);
            }
            windowBegan = now;
            inWindow = 0;
        }
        if (now - secondBegan < SECOND) {
            return false;
        }
        secondBegan = now;
        return true;
    }
}
