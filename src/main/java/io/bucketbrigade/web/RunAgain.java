package io.bucketbrigade.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Variable;

/** Words around a run that somebody wants once more. */
public final class RunAgain {
    private static final int LONGEST = 500;

    /** What the run's trigger says. */
    public String because(@Variable("why") String why) {
        String line = why.strip().replaceAll("\\s+", " ");
        return "again: " + (line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…");
    }

    /**
     * What the caller is told.
     *
     * @throws JsonProcessingException never
     */
    public String answer(@Variable("pipeline") String pipeline, @Variable("because") String because)
            throws JsonProcessingException {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("pipeline", pipeline);
        answer.put("trigger", because);
        return new Json().of(answer);
    }
}
