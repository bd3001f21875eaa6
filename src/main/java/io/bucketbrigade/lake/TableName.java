package io.bucketbrigade.lake;

import java.sql.PreparedStatement;
import java.sql.SQLException;

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

    @Override
    public String toString() {
        return namespace + "." + table;
    }
}
