package io.bucketbrigade.redshift;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The statements of a file, each of which ends with a semicolon at the end of a line. <code>{name}</code> stands for a value. The Data API takes
 * at most 40 statements of 100 KB in a transaction.
 */
public final class RedshiftSql {
    private static final Pattern VALUE = Pattern.compile("\\{(\\w+)}");
    private static final int MOST_STATEMENTS = 40;
    private static final int LARGEST_STATEMENT = 100_000;

    private final String file;
    private final List<String> statements;

    private RedshiftSql(String file, List<String> statements) {
        this.file = file;
        this.statements = statements;
    }

    /**
     * Reads a file.
     *
     * @throws Problem if it can't be read
     */
    public static RedshiftSql read(String file) {
        Path path = FilePaths.of(file);
        String text = TextFile.read(path).replaceAll("(?m)--.*$", "");
        return new RedshiftSql(
                FilePaths.shown(path),
                Stream.of(text.split(";\\s*(?:\\R|\\z)", -1))
                        .map(String::strip)
                        .filter(statement -> !statement.isEmpty())
                        .toList());
    }

    /** A text as SQL writes it. */
    public static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /**
     * The statements with values.
     *
     * @throws Problem if they are more or larger than Redshift accepts, or a value is missing
     */
    public List<String> with(Map<String, String> values) {
        List<String> filled = statements.stream().map(one -> fill(one, values)).toList();
        if (filled.size() > MOST_STATEMENTS) {
            throw unusable("it has more than " + MOST_STATEMENTS + " statements, which is the most for a transaction");
        }
        return filled;
    }

    private String fill(String statement, Map<String, String> values) {
        String filled = VALUE.matcher(statement).replaceAll(found -> {
            String value = values.get(found.group(1));
            if (value == null) {
                throw unusable("there is nothing that " + found.group() + " stands for");
            }
            return Matcher.quoteReplacement(value);
        });
        if (filled.getBytes(StandardCharsets.UTF_8).length > LARGEST_STATEMENT) {
            throw unusable("a statement is larger than " + LARGEST_STATEMENT + " bytes, which is the most");
        }
        return filled;
    }

    private Problem unusable(String why) {
        return new Problem(Kind.PIPELINE, file + " can't be run in Redshift: " + why + ".");
    }
}
