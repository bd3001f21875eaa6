package io.bucketbrigade.runs;

import io.bucketbrigade.storage.Identity;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * A run that this process has claimed.
 *
 * @param id its number in the ledger
 * @param pipeline the pipeline it belongs to; at most one run of a pipeline is alive at a time
 * @param task what is done: a pipeline may have several ways to bring its table up to date
 * @param attempt how many times the same inputs were tried, from 1
 * @param inputs what it reads
 * @param claimed when it was claimed
 * @param bytesRead how many bytes of its inputs were read so far
 */
public record Run(
        long id,
        String pipeline,
        String task,
        int attempt,
        List<Identity> inputs,
        Instant claimed,
        LongAdder bytesRead) {
    public Run {
        inputs = List.copyOf(inputs);
    }
}
