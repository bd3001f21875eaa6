package io.bucketbrigade.runs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Follows the runs of this process, so that people see afterwards what took how long. It must neither fail nor take time. */
public interface RunTracing {
    /** Nobody wants to see it. */
    RunTracing NONE = new RunTracing() {
        @Override
        public void claimed(Run run, String trigger, Instant since) {}

        @Override
        public void ended(Run run, String outcome, @Nullable RowCounts rowCounts, String reason) {}
    };

    /**
     * A run was claimed.
     *
     * @param trigger what made it begin
     * @param since when claiming it began
     */
    void claimed(Run run, String trigger, Instant since);

    /**
     * A run ended.
     *
     * @param outcome succeeded, failed, released or taken over
     * @param rowCounts what became of its rows; null where that is not known
     * @param reason why it failed, as a sentence; blank if it didn't
     */
    void ended(Run run, String outcome, @Nullable RowCounts rowCounts, String reason);
}
