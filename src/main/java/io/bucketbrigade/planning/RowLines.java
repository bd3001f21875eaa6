package io.bucketbrigade.planning;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.runs.FileOutcome;
import io.bucketbrigade.runs.RowCounts;
import java.util.List;
import java.util.stream.Collectors;

/** What a plan says of the rows. */
final class RowLines {
    private RowLines() {}

    static void add(Plan plan, RowCounts rowCounts) {
        List<FileOutcome> skipped = rowCounts.files().stream()
                .filter(file -> file.skipped() != null)
                .toList();
        List<FileOutcome> accepted = rowCounts.files().stream()
                .filter(file -> file.skipped() == null)
                .toList();
        String files = rowCounts.files().isEmpty()
                ? ""
                : Counted.of(accepted.size(), "file")
                        + (skipped.isEmpty() ? "" : " and skip " + Counted.number(skipped.size())) + ": ";
        plan.add("A run would read " + files + outcome(rowCounts.rowsRead(), rowCounts.rowsRejected()) + ".");
        plan.list(
                accepted.stream()
                        .map(file -> file.file() + ": " + outcome(file.rows(), file.rejected()))
                        .toList(),
                accepted.size());
        long consequences = rowCounts.note(RowCounts.CONSEQUENCES);
        if (consequences > 0) {
            plan.add("  Of the rejected rows, " + consequences
                    + (consequences == 1
                            ? " refers to a row that was rejected in another file; it doesn't"
                            : " refer to rows that were rejected in another file; they don't")
                    + " count towards the limit.");
        }
        rowCounts.remarks().forEach(remark -> plan.add("  " + remark));
        // How many files there are was said above.
        String figures = rowCounts.figures().stream()
                .filter(figure -> !figure.startsWith(RowCounts.CONSEQUENCES) && !figure.startsWith("files"))
                .collect(Collectors.joining(", "));
        if (!figures.isEmpty()) {
            plan.add("  Noted: " + figures);
        }
        plan.list(
                "Skipped:",
                skipped.stream()
                        .map(file -> file.file() + ": " + file.skipped())
                        .toList(),
                skipped.size());
        plan.list(
                "Rejected:",
                rowCounts.rejected().stream()
                        .map(row -> row.place() + ": " + row.reason())
                        .toList(),
                rowCounts.rejected().stream()
                        .mapToLong(row -> Math.max(1, Rejected.further(row.reason())))
                        .sum());
    }

    private static String outcome(long rows, long rejected) {
        return Counted.of(rows, "row") + ", " + Counted.number(rows - rejected) + " accepted, "
                + Counted.number(rejected) + " rejected";
    }
}
