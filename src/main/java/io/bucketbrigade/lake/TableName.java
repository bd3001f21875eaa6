package io.bucketbrigade.lake;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.regex.Pattern;

/**
 * A table of a lake, as the catalog knows it.
 *
 * @param namespace the pipeline's tables, such as city_requests
 * @param table its name there
 */
record TableName(String namespace, String table) {
    static final String CATALOG = "brigade";

    static TableName of(String pipeline, String table) {
        return new TableName(pipeline.replace('-', '_'), table);
    }

    /** Sets three parameters of a statement, from one on: catalog, namespace, table. */
    void set(PreparedStatement statement, int first) throws SQLException {
        statement.setString(first, CATALOG);
        statement.setString(first + 1, namespace);
        statement.setString(first + 2, table);
    }

    /** Whether a text names it, as far as one can tell without understanding it: too often rather than not. */
    boolean isIn(String text) {
        return Pattern.compile("(?<!\\w)" + Pattern.quote(table) + "(?!\\w)", Pattern.CASE_INSENSITIVE)
                .matcher(text)
                .find();
    }

    @Override
    public String toString() {
        return namespace + "." + table;
    }
}
