package io.bucketbrigade.lake;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What DuckDB says of a query, in words for the people who run the service and for those who wrote the query. */
final class DuckProblem {
    private static final Pattern LINE = Pattern.compile("\\nLINE (\\d+):");
    private static final Pattern MISSING = Pattern.compile("No files found that match the pattern \"([^\"]+)\"");
    private static final Pattern UNOPENED = Pattern.compile("Cannot open file \"([^\"]+)\": (.+)");
    private static final Pattern DAMAGED = Pattern.compile(
            "No magic bytes found at end of file '([^']+)'"
                    + "|File '([^']+)' too small to be a Parquet file|Failed to read file \"([^\"]+\\.parquet)\"|TProtocolException|don't know what type");

    private DuckProblem() {}

    /**
     * @param file the file that holds the query
     * @param memory the setting that limits DuckDB's memory
     */
    static Problem of(SQLException failure, Path file, String memory) {
        String message = String.valueOf(failure.getMessage());
        String shown = FilePaths.shown(file);
        Matcher line = LINE.matcher(message);
        return machine(failure, shown, memory)
                .orElseGet(() -> new Problem(
                        Kind.PIPELINE,
                        shown + (line.find() ? ", line " + line.group(1) : "") + ": " + finding(message)
                                + " Correct the SQL.",
                        failure));
    }

    /**
     * The same of a query that no file holds.
     *
     * @param table what it makes
     */
    static Problem of(SQLException failure, String table, String memory) {
        String message = String.valueOf(failure.getMessage());
        return machine(failure, "The table " + table, memory)
                .orElseGet(() -> new Problem(
                        Kind.INTERNAL,
                        "The table " + table + " can't be made of the files: " + finding(message)
                                + " Nothing was published. Please report this with the files.",
                        failure));
    }

    /**
     * The same where the query is not to blame: it is memory, disk or a file.
     *
     * @param made what needs them, as the beginning of a sentence
     */
    static Optional<Problem> machine(SQLException failure, String made, String memory) {
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith("Out of Memory Error")) {
            return transientProblem(
                    failure,
                    made + " needs more memory than " + memory
                            + " allows, or there is no room left in BRIGADE_DATA for what does not fit. Raise the one, or make room in the other.");
        }
        Matcher missing = MISSING.matcher(message);
        if (missing.find()) {
            return transientProblem(
                    failure,
                    made + " needs a file of the lake that is missing: " + missing.group(1)
                            + ". Put it back from a backup.");
        }
        Matcher damaged = DAMAGED.matcher(message);
        if (damaged.find()) {
            String name = Stream.of(damaged.group(1), damaged.group(2), damaged.group(3))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .map(known -> ": " + known)
                    .orElse("");
            return transientProblem(
                    failure,
                    made + " needs a file of the lake that is damaged" + name + ". Put it back from a backup.");
        }
        Matcher unopened = UNOPENED.matcher(message);
        if (unopened.find()) {
            return transientProblem(
                    failure,
                    made + " needs a file that can't be opened: " + unopened.group(1) + " (" + unopened.group(2)
                            + "). Let the user that runs the service read and write there.");
        }
        return message.startsWith("IO Error") || message.startsWith("INTERRUPT Error")
                ? transientProblem(failure, made + ": " + finding(message))
                : Optional.empty();
    }

    private static Optional<Problem> transientProblem(SQLException failure, String words) {
        return Optional.of(new Problem(Kind.TRANSIENT, words, failure));
    }

    /** The first sentence, without the query itself. */
    private static String finding(String message) {
        String finding = message.replaceFirst("(?s)\\n\\s*\\nLINE .*|(?s)\\nLINE .*", "")
                .replaceAll("\\s+", " ")
                .strip();
        return finding.endsWith(".") || finding.endsWith("!") ? finding : finding + ".";
    }
}
