package io.bucketbrigade.database;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * SQL that names its tables with their schema: a session's search path may be anybody's, and does not last behind a pooler. In a
 * file, {@code {schema}} stands for it.
 */
public final class TableSql {
    private TableSql() {}

    /** A table's name with its schema, as SQL writes it. */
    public static String qualified(String schema, String table) {
        return Sessions.quoted(schema) + "." + table;
    }

    /** The text with the schema put in. */
    public static String in(String schema, String text) {
        return text.replace("{schema}", Sessions.quoted(schema));
    }

    /**
     * SQL that comes with the program.
     *
     * @param resource where it is, such as sql/runs.sql
     * @throws Problem if it can't be read
     */
    public static String read(String schema, String resource) {
        try (InputStream in = TableSql.class.getResourceAsStream("/" + resource)) {
            if (in == null) {
                throw new Problem(Kind.INTERNAL, resource + " is not in the program.");
            }
            return in(schema, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Problem(Kind.INTERNAL, resource + " can't be read from the program.", e);
        }
    }
}
