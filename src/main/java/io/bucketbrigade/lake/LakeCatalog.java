package io.bucketbrigade.lake;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which tables lakes have, and which metadata file is the current one of each, in the table where Iceberg's JDBC catalog keeps it: lake.iceberg_tables. */
final class LakeCatalog {
    private static final String CATALOG = "brigade";

    private static final String NAMESPACES = """
            SELECT DISTINCT table_namespace FROM lake.iceberg_tables
            WHERE catalog_name = ? AND coalesce(iceberg_type, 'TABLE') = 'TABLE' ORDER BY table_namespace
            """;
    private static final String POINTERS = """
            SELECT table_name, metadata_location, previous_metadata_location, coalesce(iceberg_type, 'TABLE') = 'TABLE'
            FROM lake.iceberg_tables WHERE catalog_name = ? AND table_namespace = ? AND table_name = coalesce(?, table_name) ORDER BY table_name
            """;
    private static final String INSERT = """
            INSERT INTO lake.iceberg_tables (catalog_name, table_namespace, table_name, metadata_location, iceberg_type)
            VALUES (?, ?, ?, ?, 'TABLE')
            ON CONFLICT DO NOTHING
            """;
    private static final String UPDATE = """
            UPDATE lake.iceberg_tables SET metadata_location = ?, previous_metadata_location = metadata_location
            WHERE catalog_name = ? AND table_namespace = ? AND table_name = ? AND metadata_location = ?
            """;

    private final Connection connection;

    LakeCatalog(Connection connection) {
        this.connection = connection;
    }

    /**
     * What the catalog says of a table.
     *
     * @param name the table's
     * @param metadata where its metadata is now
     * @param previous where it was before; null if it was only made
     * @param isTable whether it is one; a view may be there too
     */
    record Pointer(
            TableName name, String metadata, @Nullable String previous, boolean isTable) {
        /**
         * The address of its metadata.
         *
         * @throws Problem if that is not in the lake
         */
        String metadataIn(LakeFiles files) {
            if (!files.isBelow(metadata)) {
                throw new Problem(
                        Kind.CONFLICT,
                        "The table " + name + " is at " + metadata + ", but the lake is at " + files.address("")
                                + " now. Name the place where it was; or, to begin with an empty lake there, remove the table's row from lake.iceberg_tables.");
            }
            return metadata;
        }
    }

    /** The namespaces with tables. */
    List<String> namespaces() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(NAMESPACES)) {
            select.setString(1, CATALOG);
            List<String> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        }
    }

    /** What is in a namespace, in the order of the names. */
    List<Pointer> pointers(String namespace) throws SQLException {
        return pointers(namespace, null);
    }

    /** What has a name. */
    Optional<Pointer> find(TableName name) throws SQLException {
        return pointers(name.namespace(), name.table()).stream().findFirst();
    }

    private List<Pointer> pointers(String namespace, @Nullable String table) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(POINTERS)) {
            select.setString(1, CATALOG);
            select.setString(2, namespace);
            select.setString(3, table);
            List<Pointer> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    TableName name = new TableName(namespace, rows.getString(1));
                    found.add(new Pointer(
                            name,
                            Objects.requireNonNull(rows.getString(2), () -> name + " has no metadata"),
                            rows.getString(3),
                            rows.getBoolean(4)));
                }
            }
            return found;
        }
    }

    /** Adds a table; says whether that name was free. */
    boolean add(TableName name, String metadata) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            set(insert, 1, name);
            insert.setString(4, metadata);
            return insert.executeUpdate() == 1;
        }
    }

    /** Moves the pointer of a table from one metadata file to another; says whether it was still at the first one. */
    boolean move(TableName name, String from, String to) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            update.setString(1, to);
            set(update, 2, name);
            update.setString(5, from);
            return update.executeUpdate() == 1;
        }
    }

    private static void set(PreparedStatement statement, int first, TableName name) throws SQLException {
        statement.setString(first, CATALOG);
        statement.setString(first + 1, name.namespace());
        statement.setString(first + 2, name.table());
    }
}
