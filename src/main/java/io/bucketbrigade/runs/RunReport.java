package io.bucketbrigade.runs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended, for whoever is notified.
 *
 * @param run the run
 * @param outcome how it ended
 * @param rowCounts what became of its rows and files; null where that is not known
 * @param reason why it failed or was skipped, as a sentence; blank if it succeeded
 * @param nextAt when it is tried again by itself; null if it isn't
 * @param isPartlyPublished whether some of its results are published although it failed
 */
public record RunReport(
        Run run,
        Outcome outcome,
        @Nullable RowCounts rowCounts,
        String reason,
        @Nullable Instant nextAt,
        boolean isPartlyPublished) {
    /** How a run can end. */
    public enum Outcome {
        SUCCESS,
        FAILURE,
        SKIPPED
    }
}
