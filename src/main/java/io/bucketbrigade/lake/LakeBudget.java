package io.bucketbrigade.lake;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How many bytes a run may write, and how many the lake may hold with them. */
final class LakeBudget {
    private final @Nullable Limit written;
    private final @Nullable Limit kept;
    private final long there;
    private long spent;

    /**
     * A limit.
     *
     * @param name the setting, as people know it
     * @param bytes the most
     */
    record Limit(String name, long bytes) {}

    /**
     * @param written limits what the run writes; null if nothing does
     * @param kept limits what the lake holds; null if nothing does
     * @param there how many bytes the lake holds before the run writes
     */
    LakeBudget(@Nullable Limit written, @Nullable Limit kept, long there) {
        this.written = written;
        this.kept = kept;
        this.there = there;
    }

    /**
     * Takes in what was written for a table.
     *
     * @throws Problem if that is more than there may be
     */
    void spend(String table, long bytes) {
        long needed = spent + bytes;
        if (written != null && needed > written.bytes()) {
            throw over(
                    "this run would write at least " + size(needed) + " up to the table " + table + " (" + size(spent)
                            + " before it), and " + written.name() + " allows " + size(written.bytes()),
                    "Raise " + written.name()
                            + ", then the run begins again by itself; or let there be fewer or smaller files.");
        }
        if (kept != null && there + needed > kept.bytes()) {
            throw over(
                    "the lake holds " + size(there) + ", this run would write at least " + size(needed)
                            + " up to the table " + table + ", and " + kept.name() + " allows " + size(kept.bytes()),
                    "Raise " + kept.name()
                            + ", then the run begins again by itself; or shorten BRIGADE_LAKE_SNAPSHOTS_KEPT and BRIGADE_LAKE_FILES_KEPT, and replay the run when old files are gone.");
        }
        spent = needed;
    }

    private static Problem over(String finding, String advice) {
        return new Problem(
                Kind.INPUT,
                "The run stopped before it went over its budget: " + finding + ". The tables stay as they were. "
                        + advice);
    }

    private static String size(long bytes) {
        return String.format(Locale.ROOT, "%,d bytes", bytes);
    }
}
