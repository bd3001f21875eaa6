package io.bucketbrigade.lake;

import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** A table of a lake as the last run published it, as text for people and for comparisons. */
public final class PublishedTable {
    private PublishedTable() {}

    /**
     * The rows of a table as CSV with a header, in the order of their columns.
     *
     * @param database where the catalog is
     * @param place the folder that holds the lake
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
        LakeTable table = InTransaction.get(
                database,
                (Connection connection) ->
                        LakeTable.load(connection, TableName.of(pipeline, name), new LakeFiles(locations, place)));
        if (table.schema() == null
                || !table.schema().columns().stream()
                        .map(column -> column.name())
                        .toList()
                        .containsAll(columns)) {
            return Optional.empty();
        }
        Path file = locations.temporary("table.csv");
        try (DuckSession duck = DuckSession.open(limits)) {
            duck.execute("COPY (SELECT "
                    + columns.stream().map(DuckSession::name).collect(Collectors.joining(", "))
                    + " FROM (" + table.query() + ") ORDER BY ALL) TO " + DuckSession.quoted(file.toString())
                    + " (FORMAT csv, HEADER)");
            return Optional.of(Files.readString(file));
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
