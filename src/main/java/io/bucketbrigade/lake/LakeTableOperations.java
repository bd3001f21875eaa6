package io.bucketbrigade.lake;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.BaseMetastoreTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Which metadata file is the table's current one, kept where Iceberg's JDBC catalog keeps it, but read and changed over a connection of ours: what is
 * committed to several tables is seen when the transaction of that connection is committed, with all else that it changed, or never.
 */
final class LakeTableOperations extends BaseMetastoreTableOperations {
    private static final String SELECT = """
            SELECT metadata_location FROM lake.iceberg_tables
            WHERE catalog_name = ? AND table_namespace = ? AND table_name = ?
            """;
    private static final String POINTERS = """
            SELECT table_name, metadata_location FROM lake.iceberg_tables
            WHERE catalog_name = ? AND table_namespace = ? AND coalesce(iceberg_type, 'TABLE') = 'TABLE'
            """;
    private static final String INSERT = """
            INSERT INTO lake.iceberg_tables (metadata_location, previous_metadata_location, catalog_name, table_namespace, table_name, iceberg_type)
            VALUES (?, ?, ?, ?, ?, 'TABLE')
            ON CONFLICT DO NOTHING
            """;
    private static final String UPDATE = """
            UPDATE lake.iceberg_tables SET metadata_location = ?, previous_metadata_location = ?
            WHERE catalog_name = ? AND table_namespace = ? AND table_name = ? AND metadata_location = ?
            """;

    private final Connection connection;
    private final TableName name;
    private final LakeFiles files;

    LakeTableOperations(Connection connection, TableName name, LakeFiles files) {
        this.connection = connection;
        this.name = name;
        this.files = files;
    }

    /** The current metadata file of each table of a pipeline. */
    static Map<String, String> pointers(Connection connection, String pipeline) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(POINTERS)) {
            select.setString(1, TableName.CATALOG);
            select.setString(2, TableName.of(pipeline, "").namespace());
            try (ResultSet row = select.executeQuery()) {
                Map<String, String> pointers = new TreeMap<>();
                while (row.next()) {
                    pointers.put(row.getString(1), row.getString(2));
                }
                return pointers;
            }
        }
    }

    @Override
    protected String tableName() {
        return name.toString();
    }

    @Override
    public FileIO io() {
        return files;
    }

    @Override
    protected void doRefresh() {
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            name.set(select, 1);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    refreshFromMetadataLocation(inTheLake(row.getString(1)));
                } else {
                    disableRefresh();
                }
            }
        } catch (SQLException e) {
            throw new LakeSqlException(e);
        }
    }

    private String inTheLake(String pointer) {
        if (!files.isBelow(pointer)) {
            throw new Problem(
                    Kind.CONFLICT,
                    "The table " + name + " is at " + pointer + ", but the lake is at " + files.address("")
                            + " now. Name the place where it was; or, to begin with an empty lake there, remove the table's row from lake.iceberg_tables.");
        }
        return pointer;
    }

    @Override
    protected void doCommit(@Nullable TableMetadata base, TableMetadata metadata) {
        String location = writeNewMetadataIfRequired(base == null, metadata);
        try (PreparedStatement change = connection.prepareStatement(base == null ? INSERT : UPDATE)) {
            change.setString(1, location);
            change.setString(2, base == null ? null : base.metadataFileLocation());
            name.set(change, 3);
            if (base != null) {
                change.setString(6, base.metadataFileLocation());
            }
            if (change.executeUpdate() != 1) {
                throw new CommitFailedException("%s was changed by another program", name);
            }
        } catch (SQLException e) {
            throw new LakeSqlException(e);
        }
    }
}
