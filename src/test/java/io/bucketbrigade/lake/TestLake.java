package io.bucketbrigade.lake;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.lake.Lake.Limits;
import io.bucketbrigade.support.TestLocations;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.apache.iceberg.TableMetadata;

/** A lake in which tests write tables, as runs do. */
public final class TestLake {
    private final Database database;
    private final Path folder;

    public TestLake(Database database, Path folder) {
        this.database = database;
        this.folder = folder;
    }

    /** A run, whose number is one that no other has. */
    public LakeRun run(long number) throws Exception {
        return new LakeRun(
                "a-lake",
                number,
                database.pool(),
                files(),
                DuckSession.open(new Limits(1 << 28, 2, folder.resolve("spill"))));
    }

    /** Writes a table with what a query finds; it is not published. */
    public static void write(LakeRun lake, String table, String query) throws Exception {
        lake.write(table, query, Layout.by(List.of()), old -> true, table);
    }

    /** Publishes what a run has written. */
    public void publish(LakeRun lake) throws Exception {
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            lake.publish(connection);
            connection.commit();
        }
    }

    /** Whether what a run wrote of a table is kept on a branch of what was held back. */
    public boolean isBehind(String table) throws Exception {
        try (Connection connection = database.pool().getConnection()) {
            TableMetadata metadata =
                    new LakeTableOperations(connection, TableName.of("a-lake", table), files()).current();
            return metadata != null && metadata.ref("audit") != null;
        }
    }

    private LakeFiles files() {
        return new LakeFiles(TestLocations.FOLDERS, folder.toString());
    }
}
