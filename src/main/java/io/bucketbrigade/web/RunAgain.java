package io.bucketbrigade.web;

import org.apache.camel.Variable;

/** Words around a run that somebody wants once more. */
public final class RunAgain {
    private static final int LONGEST = 500;

    /** What the run's trigger says. */
    public String because(@Variable("why") String why) {
        String line = why.strip().replaceAll("\\s+", " ");
        return "again: " + (line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…");
    }

    /** What the answer to the caller says. */
    public Answer answer(@Variable("pipeline") String pipeline, @Variable("because") String because) {
        return new Answer(pipeline, because);
    }

    /**
     * What the answer to the caller says.
     *
     * @param trigger what the run will say it was started by
     */
    public record Answer(String pipeline, String trigger) {}
}
