package io.bucketbrigade.lake;

import io.bucketbrigade.problems.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
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

    private static final String DELETE = """
            DELETE FROM lake.iceberg_tables
            WHERE catalog_name = ? AND table_namespace = ? AND table_name = ? AND metadata_location IS NOT DISTINCT FROM ?
            """;

    private final Connection connection;

    LakeCatalog(Connection connection) {
        this.connection = connection;
    }

    /**
     * What the catalog says of a table.
     *
     * @param name the table's
     * @param metadata where its metadata is now; null if somebody else's program left that open
     * @param previous where it was before; null if it was only made
     * @param isTable whether it is one; a view may be there too
     */
    record Pointer(
            TableName name,
            @Nullable String metadata,
            @Nullable String previous,
            boolean isTable) {
        /**
         * The address of its metadata.
         *
         * @throws Problem if there is none, or it is not in the lake
         */
        String metadataIn(LakeFiles files) {
            if (metadata == null || metadata.isBlank()) {
                throw UnreadableTable.withoutMetadata(name);
            }
            if (!files.isBelow(metadata)) {
                throw UnreadableTable.elsewhere(name);
            }
            return metadata;
        }

        /** Whether its metadata would be in the lake. */
        boolean isIn(LakeFiles files) {
            return metadata != null && files.isBelow(metadata);
        }

        /**
         * Its metadata.
         *
         * @throws Problem if it can't be read
         */
        TableMetadata read(LakeFiles files) {
            String address = metadataIn(files);
            try {
                return TableMetadataParser.read(files, address);
            } catch (RuntimeException unreadable) {
                throw UnreadableTable.of(name, "its metadata file " + files.name(address), unreadable);
            }
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
                    found.add(new Pointer(name, rows.getString(2), rows.getString(3), rows.getBoolean(4)));
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

    /** Removes the row of a table, if it still names that metadata file, or still none. */
    void remove(TableName name, @Nullable String metadata) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            set(delete, 1, name);
            delete.setString(4, metadata);
            delete.executeUpdate();
        }
    }

    private static void set(PreparedStatement statement, int first, TableName name) throws SQLException {
        statement.setString(first, CATALOG);
        statement.setString(first + 1, name.namespace());
        statement.setString(first + 2, name.table());
    }
}
