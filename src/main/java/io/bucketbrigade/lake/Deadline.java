package io.bucketbrigade.lake;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Until when an answer must be there, for all that it needs together. */
final class Deadline {
    private final Duration time;
    private long end;

    /** @param time from now on */
    Deadline(Duration time) {
        this.time = time;
        restart();
    }

    /** The time counts from now on: what was done until now was done for all who ask. */
    void restart() {
        end = System.nanoTime() + time.toNanos();
    }

    /** How much of it is left; not less than 0. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /** Waits for a semaphore as long as time is left; says whether it was acquired. */
    boolean acquire(Semaphore semaphore) {
        return acquire(semaphore, time);
    }

    /**
     * Waits for a semaphore as long as time is left.
     *
     * @param most how long it waits at the most
     * @return whether it was acquired
     * @throws Problem if the service is stopping
     */
    boolean acquire(Semaphore semaphore, Duration most) {
        try {
            return semaphore.tryAcquire(Math.min(most.toNanos(), left().toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LakeQueries.stopping();
        }
    }

    /** @throws Problem if no time is left */
    void require() {
        if (left().isZero()) {
            throw passed(null);
        }
    }

    /** What is said when no time is left. */
    Problem passed(@Nullable Throwable cause) {
        return new Problem(
                Kind.TRANSIENT,
                "The answer took longer than " + time.toSeconds()
                        + " s (BRIGADE_LAKE_QUERIES_TIME), so it was broken off. Ask for less, or raise the limit.",
                cause);
    }
}
