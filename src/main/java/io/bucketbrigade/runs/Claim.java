package io.bucketbrigade.runs;

import io.bucketbrigade.storage.Identity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process wants to run.
 *
 * @param pipeline the pipeline
 * @param task which of its tasks
 * @param trigger what made us check: timer, REST, command line
 * @param fingerprint what would be read, and with which settings; equal fingerprints give equal results
 * @param inputs what would be read
 * @param onlyIfNew whether a run is wanted only if the task's last run did not deal with just that
 * @param eachFile whether that is compared not with the task's last run, but with the last one of these very inputs
 * @param quota how many runs there may be on one day; null if any number. Who wants a run though it isn't new gets it.
 * @param listedAfter the moment after which the inputs were listed; null if no uploads can be among them
 */
public record Claim(
        String pipeline,
        String task,
        String trigger,
        String fingerprint,
        List<Identity> inputs,
        boolean onlyIfNew,
        boolean eachFile,
        @Nullable Quota quota,
        @Nullable BetweenBatches listedAfter) {
    public Claim {
        inputs = List.copyOf(inputs);
    }

    /** Of a task that may run any number of times a day. */
    public Claim(
            String pipeline,
            String task,
            String trigger,
            String fingerprint,
            List<Identity> inputs,
            boolean onlyIfNew) {
        this(pipeline, task, trigger, fingerprint, inputs, onlyIfNew, false, null, null);
    }
}
