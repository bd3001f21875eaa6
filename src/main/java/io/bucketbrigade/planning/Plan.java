package io.bucketbrigade.planning;

import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.Work;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run would do: the inputs, which are open until the exchange is done, and what is known of the outcome so far. The exchange
 * carries it as the variable {@code plan}.
 */
public final class Plan {
    private static final int MOST_LINES = 30;

    private final String route;
    private final Work work;
    private final List<String> lines = new ArrayList<>();
    private final List<String> further = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private boolean waiting;
    private @Nullable String marker;
    private @Nullable String verdict;

    /** @param route the route that reads the inputs as a run would */
    Plan(String route, Work work) {
        this.route = route;
        this.work = work;
    }

    /** The route that reads the inputs as a run would. */
    public String route() {
        return route;
    }

    /** The inputs, as those of a run. */
    public Work work() {
        return work;
    }

    /** Whether a run would start and could read its inputs, as far as is known. */
    public boolean isReadable() {
        return !waiting && !isFailing();
    }

    /** Whether a run of these inputs would fail. Waiting for inputs is not a failure. */
    public boolean isFailing() {
        return !failures.isEmpty();
    }

    /** A run would not start. */
    void waits() {
        waiting = true;
    }

    /** A run would start when a file arrives. */
    void startsWith(String file) {
        marker = file;
    }

    /** How a run would end is not known; what is known is said instead. */
    void ends(String sentence) {
        verdict = sentence;
    }

    void add(String line) {
        lines.add(line);
    }

    /** Adds a title with its entries below; nothing if there are none. */
    void list(String title, List<String> entries, long all) {
        if (!entries.isEmpty()) {
            lines.add(title);
            list(entries, all);
        }
    }

    /**
     * Adds entries, the first ones where there are very many.
     *
     * @param all how many they stand for
     */
    void list(List<String> entries, long all) {
        entries.stream().limit(MOST_LINES).map("  "::concat).forEach(lines::add);
        if (entries.size() > MOST_LINES) {
            lines.add("  … and " + (all - MOST_LINES) + " more");
        }
    }

    /** Keeps what only the pipeline knows; it comes after what became of the rows. */
    void keep(List<String> known) {
        further.addAll(known);
    }

    /** A run would fail, for a reason that is given in the words that the run would use. */
    void fail(Throwable reason) {
        failures.add("A run would fail: " + Problems.of(reason).sentence());
    }

    /** Nothing more is found out. */
    void end() {
        lines.addAll(further);
        lines.addAll(failures);
        if (verdict != null) {
            lines.add(verdict);
        } else if (!isFailing()) {
            lines.add(
                    waiting
                            ? "A run starts when all of its inputs are there."
                            : marker == null
                                    ? "A run would succeed."
                                    : "A run starts when " + marker + " is there, and would succeed.");
        }
        lines.add("Nothing was written.");
    }

    /** All of it. */
    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
