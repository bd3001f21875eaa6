package io.bucketbrigade.runs;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.storage.Inputs;
import java.time.Duration;
import java.util.Optional;

/** Claims a run that somebody asked for, waiting for the one that may be alive. */
public final class Turns {
    private final Ledger ledger;
    private final RetryPolicy<Optional<Run>> patience;

    /** @param patience how long to wait for another run of the pipeline to end */
    public Turns(Ledger ledger, Duration patience) {
        this.ledger = ledger;
        this.patience = RetryPolicy.<Optional<Run>>builder()
                .abortOn(Throwable.class)
                .handleResultIf(Optional::isEmpty)
                .withDelay(Duration.ofMillis(100))
                .withMaxDuration(patience)
                .withMaxAttempts(-1)
                .build();
    }

    /**
     * Claims the run, whether or not the same was done before.
     *
     * @param trigger who asked
     * @throws Problem if another run of the pipeline is still alive when the patience is over
     */
    public Run claim(String pipeline, String task, String trigger, Inputs inputs) {
        Claim claim = new Claim(
                pipeline, task, trigger, Lookout.fingerprint(inputs.identities(), task), inputs.identities(), false);
        Run run = Failsafe.with(patience)
                .get(() -> ledger.claim(claim))
                .orElseThrow(() -> new Problem(
                        Kind.PASSING, "Another run of " + pipeline + " is still at work. Try again when it is done."));
        inputs.countReadsIn(run.bytesRead());
        return run;
    }
}
