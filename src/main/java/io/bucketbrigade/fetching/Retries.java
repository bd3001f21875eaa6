package io.bucketbrigade.fetching;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** Repeats what fails for reasons that may pass, as long as it leads anywhere. */
final class Retries {
    private static final double JITTER = 0.2;

    private final FetchLimits limits;
    private final Progress progress;
    private int fruitless;

    Retries(FetchLimits limits, Progress progress) {
        this.limits = limits;
        this.progress = progress;
    }

    /**
     * Does it until it works.
     *
     * @param attempt throws {@link TryAgain} if it may be repeated
     * @throws Problem if it fails for good
     */
    <T> T until(CheckedSupplier<T> attempt) {
        RetryPolicy<T> policy = RetryPolicy.<T>builder()
                .handle(TryAgain.class)
                .withMaxAttempts(-1)
                .withMaxDuration(limits.longest())
                .withBackoff(
                        limits.firstDelay().toMillis(), limits.longestDelay().toMillis(), ChronoUnit.MILLIS)
                .withJitter(JITTER)
                .withDelayFnOn(context -> asked(context.getLastException()), TryAgain.class)
                .build();
        try {
            return Failsafe.with(policy).get(() -> counted(attempt));
        } catch (TryAgain timeIsOver) {
            throw new Problem(Kind.TRANSIENT, timeIsOver.why() + ". It is tried again the next time.", timeIsOver);
        } catch (FailsafeException failed) {
            if (failed.getCause() instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                throw new Problem(Kind.TRANSIENT, "it was stopped; the next time it goes on from there.", failed);
            }
            throw failed;
        }
    }

    private static Duration asked(Throwable failed) {
        Duration after = failed instanceof TryAgain again ? again.after() : null;
        // A negative one means: as the policy has it. Another may become shorter by chance, but the server means it.
        return after == null
                ? Duration.ofMillis(-1)
                : Duration.ofMillis((long) Math.ceil(after.toMillis() / (1 - JITTER)));
    }

    private <T> T counted(CheckedSupplier<T> attempt) throws Throwable {
        long before = progress.farthest();
        try {
            return attempt.get();
        } catch (TryAgain failed) {
            fruitless = progress.farthest() > before ? 1 : fruitless + 1;
            Duration after = failed.after();
            if (after != null && after.compareTo(limits.longestDelay()) > 0) {
                throw new Problem(
                        Kind.TRANSIENT,
                        failed.why() + " and asks to wait for " + Counted.of(after.toSeconds(), "second")
                                + ". It is tried again the next time.",
                        failed);
            }
            if (fruitless >= limits.attempts()) {
                throw new Problem(
                        Kind.TRANSIENT,
                        failed.why() + ". It was tried " + Counted.of(fruitless, "time")
                                + ", and is tried again the next time.",
                        failed);
            }
            throw failed;
        }
    }
}
