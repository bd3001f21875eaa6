package io.bucketbrigade.lake;

import io.bucketbrigade.support.TestLocations;
import io.bucketbrigade.support.TestService;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.apache.iceberg.DataFile;

/**
 * The tables that a service publishes, as they are.
 *
 * @param service whose they are
 * @param pipeline whose they are
 * @param lake the folder of their files
 */
public record TestTables(TestService service, String pipeline, Path lake) {
    private DataSource database() {
        return service.context().getRegistry().lookupByNameAndType("database", DataSource.class);
    }

    /** The rows of a table as CSV, in the order of the columns that are wanted. */
    public String csv(String table, String... columns) throws Exception {
        return PublishedTable.csv(
                        database(),
                        TestLocations.FOLDERS,
                        lake.toString(),
                        pipeline,
                        table,
                        List.of(columns),
                        new Lake.Limits(1 << 28, 1, lake.resolveSibling("spill")))
                .orElse("");
    }

    /** The file of each partition, by the partition. */
    public Map<String, String> files(String table) throws Exception {
        LakeTable loaded = LakeTable.load(
                database(), TableName.of(pipeline, table), new LakeFiles(TestLocations.FOLDERS, lake.toString()));
        Map<String, String> files = new TreeMap<>();
        for (DataFile file : loaded.current()) {
            files.merge(file.partition().toString(), file.location(), (one, other) -> one + "\n" + other);
        }
        return files;
    }
}
