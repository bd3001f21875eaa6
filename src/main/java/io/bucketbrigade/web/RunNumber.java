package io.bucketbrigade.web;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** The number of a run, as a path holds it. */
public final class RunNumber {
    private final String kept;

    /** @param kept how long runs are kept, as BRIGADE_RUNS_KEPT says it */
    public RunNumber(String kept) {
        this.kept = kept;
    }

    /**
     * Reads it.
     *
     * @throws Problem if no run can have it
     */
    public long parse(@Header("id") String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw missing(text);
        }
        return Long.parseLong(text);
    }

    /** Says that there is no such run, if nothing was found; or that it is no longer there, if blank text was found. */
    public Object found(long number, @Nullable Object run) {
        if ("".equals(run) && !kept.equals("never")) {
            throw new Problem(
                    Kind.MISSING,
                    "There is no run " + number + " any more: runs are kept for " + kept
                            + " (BRIGADE_RUNS_KEPT). GET /runs lists those there are.");
        }
        if (!(run instanceof String) || "".equals(run)) {
            throw missing(Long.toString(number));
        }
        return run;
    }

    private static Problem missing(String number) {
        return new Problem(Kind.MISSING, "There is no run " + number + ". GET /runs lists those there are.");
    }
}
