package io.bucketbrigade.lake;

import io.bucketbrigade.database.InTransaction;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;

/** The tables of a lake that a run reads and writes, each by its name in DuckDB. Nobody else sees what it writes before it is published. */
final class LakeRun implements AutoCloseable {
    private final String pipeline;
    private final long run;
    private final DataSource database;
    private final LakeFiles files;
    private final DuckSession duck;
    private final Map<String, LakeTable> tables = new LinkedHashMap<>();

    LakeRun(String pipeline, long run, DataSource database, LakeFiles files, DuckSession duck) {
        this.pipeline = pipeline;
        this.run = run;
        this.database = database;
        this.files = files;
        this.duck = duck;
    }

    DuckSession duck() {
        return duck;
    }

    long run() {
        return run;
    }

    /**
     * A table as far as this run has come. DuckDB knows it, if it is there.
     *
     * @throws SQLException if the database refuses
     * @throws IOException if its files can't be listed
     */
    LakeTable table(String name) throws SQLException, IOException {
        LakeTable known = tables.get(name);
        if (known == null) {
            known = InTransaction.get(
                    database,
                    (Connection connection) -> LakeTable.load(connection, TableName.of(pipeline, name), files));
            tables.put(name, known);
            show(name, known);
        }
        return known;
    }

    private void show(String name, LakeTable table) throws SQLException {
        if (table.schema() != null) {
            duck.execute("CREATE OR REPLACE VIEW " + DuckSession.name(name) + " AS " + table.query());
        }
    }

    /**
     * Writes what a query finds in the place of some of a table's files.
     *
     * @param partition the columns by which the table is partitioned, if it is made now
     * @param old which files are replaced
     * @param suffix what distinguishes the new files from others of this run
     * @return how many rows were written
     * @throws SQLException if the query fails
     * @throws IOException if a file can't be written
     */
    long write(String name, String query, List<String> partition, Predicate<DataFile> old, String suffix)
            throws SQLException, IOException {
        LakeTable table = table(name);
        Schema schema = LakeSchema.of(duck, query, table.schema(), Math.max(table.lastColumnId(), highest(table)));
        PartitionSpec spec = table.spec(schema, partition);
        List<DataFile> written = new DataFileWriter(duck, files)
                .write(query, schema, spec, table.dataFolder(), "run" + run + "-" + suffix);
        table.replace(old, written, schema);
        show(name, table);
        return written.stream().mapToLong(DataFile::recordCount).sum();
    }

    private static int highest(LakeTable table) {
        Schema schema = table.schema();
        return schema == null ? 0 : schema.highestFieldId();
    }

    /**
     * Leaves out some of a table's files.
     *
     * @throws SQLException if the database refuses
     * @throws IOException if its files can't be listed
     */
    void remove(String name, Predicate<DataFile> old) throws SQLException, IOException {
        LakeTable table = table(name);
        Schema schema = table.schema();
        if (schema != null) {
            table.replace(old, List.of(), schema);
            show(name, table);
        }
    }

    /** Changes all tables in the transaction of a connection. */
    void publish(Connection connection) {
        for (LakeTable table : tables.values()) {
            table.publish(connection, run);
        }
    }

    @Override
    public void close() throws SQLException {
        duck.close();
    }
}
