package io.bucketbrigade.lake;

import io.bucketbrigade.lake.LakeCatalog.Pointer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.iceberg.BaseMetastoreTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Which metadata file is the table's current one, read and changed in the catalog over a connection of ours: what is
 * committed to several tables is seen when the transaction of that connection is committed, with all else that it changed, or never.
 */
final class LakeTableOperations extends BaseMetastoreTableOperations {
    private final LakeCatalog catalog;
    private final TableName name;
    private final LakeFiles files;

    LakeTableOperations(Connection connection, TableName name, LakeFiles files) {
        this.catalog = new LakeCatalog(connection);
        this.name = name;
        this.files = files;
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
        try {
            Optional<Pointer> pointer = catalog.find(name);
            if (pointer.isPresent()) {
                refreshFromMetadataLocation(pointer.get().metadataIn(files), null, 0, location -> pointer.get()
                        .read(files));
            } else {
                disableRefresh();
            }
        } catch (SQLException e) {
            throw new LakeSqlException(e);
        }
    }

    @Override
    protected void doCommit(@Nullable TableMetadata base, TableMetadata metadata) {
        String location = writeNewMetadataIfRequired(base == null, metadata);
        try {
            if (!(base == null
                    ? catalog.add(name, location)
                    : catalog.move(name, base.metadataFileLocation(), location))) {
                throw new CommitFailedException("%s was changed by another program", name);
            }
        } catch (SQLException e) {
            throw new LakeSqlException(e);
        }
    }
}
