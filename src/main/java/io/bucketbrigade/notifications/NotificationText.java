package io.bucketbrigade.notifications;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.runs.Accounts;
import io.bucketbrigade.runs.FileFate;
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

    /**
     * The subject.
     *
     * @param template with {prefix}, {pipeline}, {outcome} and {run} in it
     */
    static String subject(String template, String prefix, RunReport report) {
        return template.replace("{prefix}", prefix)
                .replace("{pipeline}", report.run().pipeline())
                .replace("{outcome}", word(report.outcome()))
                .replace("{run}", Long.toString(report.run().id()))
                .replaceAll("[\\r\\n]+", " ");
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
        Accounts accounts = report.accounts();
        if (accounts != null) {
            account(accounts, report.outcome(), lines);
        }
        if (report.outcome() != Outcome.SKIPPED) {
            lines.add("Took   "
                    + Duration.between(report.run().claimed(), Instant.now()).toMillis() / 1000.0 + " s");
        }
        if (accounts != null) {
            leftOut(accounts, lines);
        }
        lines.add("");
        lines.add("Where to look: " + link + "/#runs, or " + link + "/runs/"
                + report.run().id());
        return String.join("\n", lines).replace('\0', '\u2400') + "\n";
    }

    private static String headline(RunReport report) {
        return switch (report.outcome()) {
            case SUCCESS -> "The run succeeded.";
            case SKIPPED -> "The run was skipped. " + report.reason();
            case FAILURE -> "The run failed: " + report.reason() + " The old result stays. " + next(report.nextAt());
        };
    }

    private static String next(@Nullable Instant nextAt) {
        return nextAt == null
                ? "It is not tried again before its inputs change."
                : "It is tried again by itself, first at " + nextAt.truncatedTo(ChronoUnit.SECONDS) + ".";
    }

    private static void account(Accounts accounts, Outcome outcome, List<String> lines) {
        if (!accounts.files().isEmpty()) {
            long leftOut = accounts.files().stream()
                    .filter(file -> file.leftOut() != null)
                    .count();
            lines.add("Files  " + accounts.files().size() + " named: "
                    + (accounts.files().size() - leftOut) + (outcome == Outcome.SUCCESS ? " taken, " : " of use, ")
                    + leftOut + " left out");
        }
        lines.add("Rows   " + accounts.rowsRead() + " read = " + accounts.rowsCounted()
                + (outcome == Outcome.SUCCESS ? " loaded + " : " of use + ") + accounts.rowsRejected() + " rejected");
        String noted = Stream.concat(
                        accounts.figures().stream().filter(figure -> !figure.startsWith("files")),
                        accounts.remarks().stream())
                .collect(Collectors.joining(", "));
        if (!noted.isEmpty()) {
            lines.add("Noted  " + noted);
        }
    }

    private static void leftOut(Accounts accounts, List<String> lines) {
        List<FileFate> files =
                accounts.files().stream().filter(file -> file.leftOut() != null).toList();
        if (!files.isEmpty()) {
            lines.add("");
            lines.add("Files left out:");
            files.stream().limit(MOST_FILES).forEach(file -> lines.add("- " + file.file() + ": " + file.leftOut()));
            more(files.size() - MOST_FILES, lines);
        }
        if (accounts.rowsRejected() > 0) {
            lines.add("");
            lines.add("Rows rejected:");
            for (Rejected row : accounts.rejected().stream().limit(MOST_ROWS).toList()) {
                lines.add("- " + row.place() + ": " + row.reason());
            }
            more(accounts.rowsRejected() - MOST_ROWS, lines);
        }
    }

    private static void more(long more, List<String> lines) {
        if (more > 0) {
            lines.add("- and " + more + " more");
        }
    }
}
