package io.bucketbrigade.runs;

import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.problems.Problems;
import java.util.ArrayList;
import java.util.List;

/** What a plan says, line by line, and whether the run would fail. */
public final class PlanText {
    private static final int MOST_LINES = 30;

    private final List<String> lines = new ArrayList<>();
    private boolean failing;

    /** Adds a line. */
    public void add(String line) {
        lines.add(line);
    }

    /** Adds what may help; nothing if it is empty. */
    public void addHint(String hint) {
        if (!hint.isEmpty()) {
            lines.add("    " + hint + ".");
        }
    }

    /** Adds a title with its entries below, the first ones where there are very many; nothing if there are none. */
    public void list(String title, List<String> entries) {
        list(title, entries, entries.size());
    }

    private void list(String title, List<String> entries, long all) {
        if (entries.isEmpty()) {
            return;
        }
        lines.add(title);
        entries.stream().limit(MOST_LINES).map(entry -> "  " + entry).forEach(lines::add);
        if (entries.size() > MOST_LINES) {
            lines.add("  … and " + (all - MOST_LINES) + " more");
        }
    }

    /** Adds the rows that would be rejected. */
    public void rejected(List<Rejected> rows) {
        list(
                "Rejected:",
                rows.stream().map(row -> row.place() + ": " + row.reason()).toList(),
                rows.stream()
                        .mapToLong(row -> Math.max(1, Rejected.further(row.reason())))
                        .sum());
    }

    /** Says that a run would fail, in the words that the run would use. */
    public void addFailure(Throwable reason) {
        failing = true;
        lines.add("A run would fail: " + Problems.of(reason).sentence());
    }

    /** Whether a run of these inputs would fail. Waiting for inputs is not a failure. */
    public boolean isFailing() {
        return failing;
    }

    /** All of it. */
    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
