package io.bucketbrigade.database;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TextFile;

/**
 * SQL that names its tables with their schema: a session's search path may be anybody's, and does not last behind a pooler. In a
 * file, {@code {schema}} is replaced by it.
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
     * SQL of a file.
     *
     * @param file its path
     * @throws io.bucketbrigade.problems.Problem if it can't be read
     */
    public static String read(String schema, String file) {
        return in(schema, TextFile.read(FilePaths.of(file)));
    }
}
