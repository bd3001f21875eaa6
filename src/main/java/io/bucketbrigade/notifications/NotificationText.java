package io.bucketbrigade.notifications;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.runs.FileOutcome;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.runs.RunReport;
import io.bucketbrigade.runs.RunReport.Outcome;
import io.bucketbrigade.storage.Identity;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says in plain words what ran, on what, with what result, and where to look. */
final class NotificationText {
    private static final int MOST_FILES = 50;
    private static final int MOST_ROWS = 20;

    private NotificationText() {}

    /** The words for an outcome in a subject. */
    static String word(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> "Success";
            case FAILURE -> "Failure";
            case SKIPPED -> "Skipped";
        };
    }

    /** @param link the address of the page */
    static String body(RunReport report, String link) {
        List<String> lines = new ArrayList<>();
        lines.add(headline(report));
        lines.add("");
        lines.add("What   " + report.run().pipeline() + " (" + report.run().task() + "), run "
                + report.run().id()
                + (report.run().attempt() > 1 ? ", attempt " + report.run().attempt() : ""));
        for (Identity input : report.run().inputs()) {
            lines.add("On     " + input.path() + ", " + Counted.of(input.size(), "byte") + ", of "
                    + input.modified().truncatedTo(ChronoUnit.SECONDS));
        }
        RowCounts rowCounts = report.rowCounts();
        if (rowCounts != null) {
            counts(rowCounts, report.outcome(), lines);
        }
        if (report.outcome() != Outcome.SKIPPED) {
            lines.add("Took   "
                    + Duration.between(report.run().claimed(), Instant.now()).toMillis() / 1000.0 + " s");
        }
        if (rowCounts != null) {
            skipped(rowCounts, lines);
        }
        lines.add("");
        lines.add("Details: " + link + "/#runs, or " + link + "/runs/"
                + report.run().id());
        return String.join("\n", lines).replace('\0', '\u2400') + "\n";
    }

    private static String headline(RunReport report) {
        return switch (report.outcome()) {
            case SUCCESS -> "The run succeeded.";
            case SKIPPED -> "The run was skipped. " + report.reason();
            case FAILURE ->
                "The run failed: " + report.reason()
                        + (report.isPartlyPublished()
                                ? " Not all of its results were published. "
                                : " Its results were not published. ")
                        + next(report.nextAt());
        };
    }

    private static String next(@Nullable Instant nextAt) {
        return nextAt == null
                ? "It will not be tried again until its inputs change."
                : "It will be tried again automatically, first at " + nextAt.truncatedTo(ChronoUnit.SECONDS) + ".";
    }

    private static void counts(RowCounts rowCounts, Outcome outcome, List<String> lines) {
        if (!rowCounts.files().isEmpty()) {
            long skipped = rowCounts.files().stream()
                    .filter(file -> file.skipped() != null)
                    .count();
            lines.add("Files  " + rowCounts.files().size() + " named: "
                    + (rowCounts.files().size() - skipped) + (outcome == Outcome.SUCCESS ? " accepted, " : " usable, ")
                    + skipped + " skipped");
        }
        lines.add("Rows   " + rowCounts.rowsRead() + " read = " + rowCounts.rowsCounted()
                + (outcome == Outcome.SUCCESS ? " loaded + " : " usable + ") + rowCounts.rowsRejected() + " rejected");
        String noted = Stream.concat(
                        rowCounts.figures().stream().filter(figure -> !figure.startsWith("files")),
                        rowCounts.remarks().stream())
                .collect(Collectors.joining(", "));
        if (!noted.isEmpty()) {
            lines.add("Noted  " + noted);
        }
    }

    private static void skipped(RowCounts rowCounts, List<String> lines) {
        List<FileOutcome> files = rowCounts.files().stream()
                .filter(file -> file.skipped() != null)
                .toList();
        if (!files.isEmpty()) {
            lines.add("");
            lines.add("Files skipped:");
            files.stream().limit(MOST_FILES).forEach(file -> lines.add("- " + file.file() + ": " + file.skipped()));
            more(files.size() - MOST_FILES, lines);
        }
        if (rowCounts.rowsRejected() > 0) {
            lines.add("");
            lines.add("Rows rejected:");
            for (Rejected row : rowCounts.rejected().stream().limit(MOST_ROWS).toList()) {
                lines.add("- " + row.place() + ": " + row.reason());
            }
            more(rowCounts.rowsRejected() - MOST_ROWS, lines);
        }
    }

    private static void more(long more, List<String> lines) {
        if (more > 0) {
            lines.add("- and " + more + " more");
        }
    }
}
