package io.bucketbrigade.lake;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TemporaryFolder;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types.NestedField;

/** A table of a lake as the last run published it, as text for people and for comparisons. */
public final class PublishedTable {
    private PublishedTable() {}

    /**
     * The rows of a table as CSV with a header, in the order of their columns.
     *
     * @param database where the catalog is
     * @param place the folder or bucket that holds the lake
     * @param columns the columns that are wanted
     * @param limits what reading it may take
     * @return the rows; empty if there is no such table, or it has not got these columns
     * @throws SQLException if the database or DuckDB refuses
     * @throws IOException if its files can't be read
     */
    public static Optional<String> csv(
            DataSource database,
            Locations locations,
            String place,
            String pipeline,
            String name,
            List<String> columns,
            Lake.Limits limits)
            throws SQLException, IOException {
        Path folder = Files.createTempDirectory(Files.createDirectories(limits.spill()), "brigade-");
        try (LakeFiles files = new LakeFiles(locations, place, new LakeCache(folder, Long.MAX_VALUE))) {
            LakeTable table = LakeTable.load(database, TableName.of(pipeline, name), files);
            return has(table, columns)
                    ? Optional.of(csv(table, columns, FilePaths.in(folder, "table.csv"), limits))
                    : Optional.empty();
        } finally {
            TemporaryFolder.remove(folder);
        }
    }

    private static boolean has(LakeTable table, List<String> columns) {
        Schema schema = table.schema();
        return schema != null
                && schema.columns().stream().map(NestedField::name).toList().containsAll(columns);
    }

    private static String csv(LakeTable table, List<String> columns, Path file, Lake.Limits limits)
            throws SQLException, IOException {
        try (DuckSession duck = DuckSession.open(limits)) {
            duck.execute("COPY (SELECT "
                    + columns.stream().map(DuckSession::name).collect(Collectors.joining(", "))
                    + " FROM (" + table.query() + ") ORDER BY ALL) TO " + DuckSession.quoted(file.toString())
                    + " (FORMAT csv, HEADER)");
            return Files.readString(file);
        }
    }
}
