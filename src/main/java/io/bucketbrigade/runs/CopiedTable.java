package io.bucketbrigade.runs;

import io.bucketbrigade.database.Copy;
import io.bucketbrigade.database.TableSql;
import io.bucketbrigade.runs.Transaction.Step;
import io.bucketbrigade.storage.Location.Prepared;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Brings the rows of a result file into a table: by COPY into a table of that shape called staging, and from there by one
 * statement of the pipeline's own.
 */
public final class CopiedTable {
    private final String table;
    private final String merge;

    /**
     * @param schema the schema that the table is in
     * @param table the table's name
     * @param mergeFile the file with the statement, in which {@code {schema}} is replaced by the schema
     * @throws io.bucketbrigade.problems.Problem if the file can't be read
     */
    public CopiedTable(String schema, String table, String mergeFile) {
        this.table = TableSql.qualified(schema, table);
        this.merge = TableSql.read(schema, mergeFile);
    }

    /** What brings in the rows of the first file, a CSV without header, in the transaction that records the run. */
    public Step load(List<Prepared> files) {
        return connection -> load(connection, files.get(0));
    }

    private void load(Connection connection, Prepared file) throws SQLException, IOException {
        try (Statement statement = connection.createStatement();
                InputStream rows = file.read()) {
            statement.execute("CREATE TEMPORARY TABLE staging (LIKE " + table + ") ON COMMIT DROP");
            Copy.into(connection, "COPY staging FROM STDIN (FORMAT csv, ENCODING 'UTF8')", rows::transferTo);
            statement.executeUpdate(merge);
        }
    }
}
