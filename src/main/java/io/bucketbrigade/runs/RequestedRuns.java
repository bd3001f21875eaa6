package io.bucketbrigade.runs;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Exchange;

/** Claims a run that somebody asked for, waiting for the one that may be alive. */
public final class RequestedRuns {
    private final Ledger ledger;
    private final Locations locations;
    private final RetryPolicy<Optional<Run>> patience;

    /** @param patience how long to wait for another run of the pipeline to end */
    public RequestedRuns(Ledger ledger, Locations locations, Duration patience) {
        this.ledger = ledger;
        this.locations = locations;
        this.patience = RetryPolicy.<Optional<Run>>builder()
                .abortOn(Throwable.class)
                .handleResultIf(Optional::isEmpty)
                .withDelay(Duration.ofMillis(100))
                .withMaxDuration(patience)
                .withMaxAttempts(-1)
                .build();
    }

    /**
     * Claims the run that reads a single file or object, wherever it is; as {@link #claim}. The work is closed with the exchange.
     *
     * @param name the name under which the pipeline knows it
     * @throws IOException if it is not there or can't be read
     */
    public Work claimFile(String pipeline, String task, String trigger, String name, String path, Exchange exchange)
            throws IOException {
        Inputs inputs = new Inputs().with(name, locations.open(path));
        try {
            return claim(pipeline, task, trigger, inputs).closedWith(exchange);
        } catch (RuntimeException e) {
            inputs.close();
            throw e;
        }
    }

    /**
     * Claims the run, whether or not the same was done before.
     *
     * @param trigger who asked
     * @throws Problem if another run of the pipeline is still alive when the patience is over
     */
    public Work claim(String pipeline, String task, String trigger, Inputs inputs) {
        Claim claim = new Claim(
                pipeline, task, trigger, Fingerprint.of(inputs.identities(), task), inputs.identities(), false);
        Run run = Failsafe.with(patience)
                .get(() -> ledger.claim(claim))
                .orElseThrow(() -> new Problem(
                        Kind.TRANSIENT,
                        "Another run of " + pipeline + " is still in progress. Try again when it is done."));
        inputs.countReadsIn(run.bytesRead());
        return Work.of(run, inputs);
    }
}
