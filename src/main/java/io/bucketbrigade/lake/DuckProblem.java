package io.bucketbrigade.lake;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What DuckDB says of a query, in words for the people who run the service and for those who wrote the query. */
final class DuckProblem {
    private static final Pattern LINE = Pattern.compile("\\nLINE (\\d+):");

    private DuckProblem() {}

    /**
     * @param file the file that holds the query
     * @param memory the setting that limits DuckDB's memory
     */
    static Problem of(SQLException failure, Path file, String memory) {
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith("Out of Memory Error")) {
            return new Problem(
                    Kind.TRANSIENT,
                    FilePaths.shown(file) + " needs more memory than " + memory
                            + " allows, or there is no room left in BRIGADE_DATA for what does not fit. Raise the one, or make room in the other.",
                    failure);
        }
        if (message.startsWith("IO Error") || message.startsWith("INTERRUPT Error")) {
            return new Problem(Kind.TRANSIENT, FilePaths.shown(file) + ": " + finding(message), failure);
        }
        Matcher line = LINE.matcher(message);
        return new Problem(
                Kind.PIPELINE,
                FilePaths.shown(file) + (line.find() ? ", line " + line.group(1) : "") + ": " + finding(message)
                        + " Correct the SQL.",
                failure);
    }

    /** The first sentence, without the query itself. */
    private static String finding(String message) {
        String finding = message.replaceFirst("(?s)\\n\\s*\\nLINE .*|(?s)\\nLINE .*", "")
                .replaceAll("\\s+", " ")
                .strip();
        return finding.endsWith(".") || finding.endsWith("!") ? finding : finding + ".";
    }
}
