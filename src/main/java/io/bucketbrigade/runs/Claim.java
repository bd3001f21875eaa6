package io.bucketbrigade.runs;

import io.bucketbrigade.storage.Identity;
import java.util.List;

/**
 * What a process wants to run.
 *
 * @param pipeline the pipeline
 * @param task which of its tasks
 * @param trigger what made us look: timer, REST, command line
 * @param fingerprint what would be read, and with which settings; equal fingerprints give equal results
 * @param inputs what would be read
 * @param onlyIfNew whether a run is wanted only if the task's last run did not deal with just that
 */
public record Claim(
        String pipeline, String task, String trigger, String fingerprint, List<Identity> inputs, boolean onlyIfNew) {
    public Claim {
        inputs = List.copyOf(inputs);
    }
}
