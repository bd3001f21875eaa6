package io.bucketbrigade.streams;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The SQL with which a reader of a stream brings a batch into its tables, made usable for all rows of a file: one statement that begins
 * with {@code WITH arrived AS (… FROM json_to_recordset(…) AS row (…))}, whose other parts aggregate what has arrived and add it to tables.
 * For a file, the rows come from the table that they were copied into. What its parts add is first computed into temporary tables, which
 * locks nothing, however long it takes. Then the statement itself adds it, in the same order as readers do.
 */
final class ReaderSql {
    private static final String FIRST = "arrived";
    private static final Pattern NAMED = Pattern.compile("\\s*(\\w+)\\s+AS\\s+(?:MATERIALIZED\\s+)?\\(");
    private static final Pattern INSERT = Pattern.compile("\\s*INSERT\\s+INTO\\s+([\\w.]+)(?:\\s+AS\\s+\\w+)?\\s*\\(");
    private static final Pattern ROWS = Pattern.compile("json_to_recordset\\(");
    private static final Pattern ROW = Pattern.compile("\\s*AS\\s+row\\s*\\(");
    private static final Pattern MENTION = Pattern.compile("\\b" + FIRST + "\\b");

    private final String arrived;
    private final List<Part> parts;

    /**
     * A statement within the statement.
     *
     * @param name the name under which others refer to it; null for the last one
     */
    private record Part(@Nullable String name, String sql) {}

    private ReaderSql(String arrived, List<Part> parts) {
        this.arrived = arrived;
        this.parts = parts;
    }

    /**
     * Reads a file.
     *
     * @throws Problem if it is not such a statement
     */
    static ReaderSql read(String file) {
        Path path = FilePaths.of(file);
        String text = TextFile.read(path).replaceAll("(?m)--.*$", "").strip();
        if (!text.startsWith("WITH ")) {
            throw unusable(path);
        }
        List<Part> parts = new ArrayList<>();
        Matcher named = NAMED.matcher(text).region("WITH".length(), text.length());
        int end = 0;
        while (named.lookingAt()) {
            end = close(text, named.end() - 1);
            parts.add(new Part(named.group(1), text.substring(named.end(), end)));
            end++;
            if (text.startsWith(",", end)) {
                end++;
            }
            named.region(end, text.length());
        }
        parts.add(new Part(null, text.substring(end)));
        String arrived = parts.remove(0).sql();
        Matcher rows = ROWS.matcher(arrived);
        if (parts.isEmpty() || !rows.find()) {
            throw unusable(path);
        }
        int rowsEnd = close(arrived, rows.end() - 1);
        Matcher row = ROW.matcher(arrived).region(rowsEnd + 1, arrived.length());
        if (!row.lookingAt()) {
            throw unusable(path);
        }
        return new ReaderSql(
                arrived.substring(0, rows.start()) + "%s AS row" + arrived.substring(close(arrived, row.end() - 1) + 1),
                parts);
    }

    private static Problem unusable(Path path) {
        return new Problem(
                Kind.PIPELINE,
                FilePaths.shown(path)
                        + " can't be used for files: it must be one statement that begins with WITH arrived AS (SELECT … FROM"
                        + " json_to_recordset(…) AS row (…)).");
    }

    /** Where the parenthesis that is opened at a place is closed. */
    private static int close(String text, int open) {
        int depth = 0;
        char quote = 0;
        for (int at = open; at < text.length(); at++) {
            char symbol = text.charAt(at);
            if (quote != 0) {
                quote = symbol == quote ? 0 : quote;
            } else if (symbol == '\'' || symbol == '"') {
                quote = symbol;
            } else if (symbol == '(') {
                depth++;
            } else if (symbol == ')' && --depth == 0) {
                return at;
            }
        }
        throw new Problem(
                Kind.PIPELINE,
                "A parenthesis is not closed in: " + text.substring(open).strip());
    }

    /**
     * What computes, from rows that were copied into a table, what is to be added, and inserts what needs no adding up.
     *
     * @param table the table, whose rows need not be inserted
     * @param rows selects the rows from there, with the names that the statement expects
     */
    List<String> prepare(String table, String rows) {
        String with = "WITH arrived AS (" + arrived.replace("%s", "(" + rows + ")") + ") ";
        List<String> statements = new ArrayList<>();
        for (Part part : parts) {
            Matcher insert = INSERT.matcher(part.sql());
            if (!insert.lookingAt() || String.valueOf(insert.group(1)).equals(table) || !mentions(part.sql())) {
                continue;
            }
            Insert found = insert(part.sql(), insert);
            statements.add(
                    found.tail().isBlank()
                            ? with + part.sql()
                            : "CREATE TEMPORARY TABLE " + staged(insert) + " " + found.columns() + " ON COMMIT DROP AS "
                                    + with + found.select());
        }
        return statements;
    }

    /** What adds it. */
    String add() {
        StringBuilder sql = new StringBuilder();
        for (Part part : parts) {
            Matcher insert = INSERT.matcher(part.sql());
            boolean isInsert = insert.lookingAt();
            boolean isStaged = isInsert && mentions(part.sql());
            Insert found = isStaged ? insert(part.sql(), insert) : new Insert("", "", "", "");
            if (isStaged && found.tail().isBlank()) {
                continue;
            }
            String changed =
                    isStaged ? found.head() + " SELECT * FROM " + staged(insert) + " " + found.tail() : part.sql();
            if (part.name() == null) {
                sql.append(sql.length() == 0 ? "" : " ").append(changed);
            } else {
                sql.append(sql.length() == 0 ? "WITH " : ", ")
                        .append(part.name())
                        .append(" AS (")
                        .append(changed)
                        .append(')');
            }
        }
        return sql.toString();
    }

    private static boolean mentions(String sql) {
        return MENTION.matcher(sql).find();
    }

    private static String staged(Matcher insert) {
        return "pg_temp.\"" + insert.group(1) + "\"";
    }

    /** An INSERT: up to its columns, what it inserts, and what it does about rows that exist. */
    private record Insert(String head, String columns, String select, String tail) {}

    private static Insert insert(String sql, Matcher insert) {
        int columns = close(sql, insert.end() - 1) + 1;
        int tail = sql.indexOf("ON CONFLICT", columns);
        return new Insert(
                sql.substring(0, columns),
                sql.substring(insert.end() - 1, columns),
                sql.substring(columns, tail < 0 ? sql.length() : tail),
                tail < 0 ? "" : sql.substring(tail));
    }
}
